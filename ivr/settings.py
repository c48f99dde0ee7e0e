# SPDX-License-Identifier: Apache-2.0
"""The settings only callers and operators touch, on top of the workers'."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr

import worker.settings


class Settings(worker.settings.Settings):
    """What the web process needs to know: `SONSORI_*`, read once in `ivr.wsgi`."""

    default_language: str = Field(
        default="en", description="Language of callers whose number says nothing about it."
    )
    webhook_max_bytes: int = Field(
        default=65_536, description="Larger webhook bodies are refused: 413."
    )
    upload_max_bytes: int = Field(
        default=48_000_000,
        description="Larger uploads to the camera page, all photos together, are refused: 413.",
    )
    api_keys: SecretStr = Field(
        default=SecretStr(""),
        description="Applications that may ask for readings: `name:key,name:key`, each key of 20"
        " characters or more; empty: there is no `/api`.",
    )
    api_photos_at_once: int = Field(
        default=20,
        ge=1,
        description="Photos of one application that may wait to be read; more are refused: 429.",
    )
    ops_token: SecretStr = Field(
        default=SecretStr(""),
        description="Password of the operators' pages and figures, of 20 characters or more;"
        " empty: there is no `/ops` and no `/metrics`.",
    )
    vosk_models: Path | None = Field(
        default=None,
        description="Folder with one Vosk model folder a language; empty: the wheel's.",
    )
    whisper_models: Path | None = Field(
        default=None,
        description="Folder with one Whisper model folder (CTranslate2) a language, for a second"
        " opinion on what was unclear; empty: none.",
    )
    whisper_processes: int = Field(
        default=1,
        ge=1,
        description="Utterances that each web process gives a second opinion on at once.",
    )
    voice_clips: Path | None = Field(
        default=None,
        description="Folder with one folder of recorded clips a language; empty: eSpeak NG.",
    )

    def stream_url(self) -> str:
        """Where Twilio opens the media stream: `public_url`, as a WebSocket."""
        scheme, _, rest = self.public_url.rstrip("/").partition("://")
        return f"{'ws' if scheme == 'http' else 'wss'}://{rest}/voice/stream"

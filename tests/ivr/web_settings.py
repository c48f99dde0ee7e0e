# SPDX-License-Identifier: Apache-2.0
"""Settings of a web process in a folder of its own, without a broker."""

from __future__ import annotations

from pathlib import Path

from signed_phone import PUBLIC_URL, TOKEN

from ivr.settings import Settings

NO_BROKER = "redis://127.0.0.1:1/0"  # refused at once: what is queued lies in the database


def settings_in(folder: Path, **changes: object) -> Settings:
    given = {
        "data_dir": folder,
        "public_url": PUBLIC_URL,
        "twilio_auth_tokens": TOKEN,
        "redis_url": NO_BROKER,
    }
    return Settings(**(given | changes))  # type: ignore[arg-type]

# SPDX-License-Identifier: Apache-2.0
"""The addresses we give out: to Twilio for a call of ours, to a caller for the camera page."""

from __future__ import annotations

from worker.settings import Settings


def answer_url(settings: Settings, call_id: int) -> str:
    return f"{settings.public_url.rstrip('/')}/voice/answer/{call_id}"


def photo_url(settings: Settings, token: str) -> str:
    """The camera page, as the caller gets it by text."""
    return f"{settings.public_url.rstrip('/')}/photo/{token}"


def status_url(settings: Settings, call_id: int) -> str:
    return f"{settings.public_url.rstrip('/')}/voice/status/{call_id}"

# SPDX-License-Identifier: Apache-2.0
"""The addresses Twilio is given to reach a call of ours by."""

from __future__ import annotations

from worker.settings import Settings


def answer_url(settings: Settings, call_id: int) -> str:
    return f"{settings.public_url.rstrip('/')}/voice/answer/{call_id}"


def status_url(settings: Settings, call_id: int) -> str:
    return f"{settings.public_url.rstrip('/')}/voice/status/{call_id}"

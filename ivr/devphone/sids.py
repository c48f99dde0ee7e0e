# SPDX-License-Identifier: Apache-2.0
"""Identifiers as Twilio makes them: two letters and 32 hex digits."""

from __future__ import annotations

import secrets


def new_sid(prefix: str) -> str:
    """`AC` account, `CA` call, `SM` text, `MM` text with media, `ME` medium, `MZ` stream."""
    return prefix + secrets.token_hex(16)

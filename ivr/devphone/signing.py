# SPDX-License-Identifier: Apache-2.0
"""Twilio's signature on what the dev phone sends, made by Twilio's own library."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urldefrag

from twilio.request_validator import RequestValidator

HEADER = "X-Twilio-Signature"


def sign(url: str, parameters: Mapping[str, str], token: str) -> str:
    """The header's value for a form POST to `url`; the fragment is not signed."""
    signature: str = RequestValidator(token).compute_signature(urldefrag(url).url, parameters)
    return signature


def sign_socket(url: str, token: str) -> str:
    """The header's value for a WebSocket upgrade: over the ws:// or wss:// address alone."""
    return sign(url, {}, token)

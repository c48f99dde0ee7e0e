# SPDX-License-Identifier: Apache-2.0
"""Is a request Twilio's? Its signature covers our address and everything in the form.

The address is the configured public one: behind a proxy, what a request says about scheme and
host is the proxy's word. Path and query are taken as received, byte for byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twilio.request_validator import RequestValidator
from werkzeug.wrappers import Request

from ivr.settings import Settings

FORM = "application/x-www-form-urlencoded"
HEADER = "X-Twilio-Signature"


class Signatures:
    """Checks against every configured token, so that a token can be rotated without a gap."""

    def __init__(self, settings: Settings) -> None:
        tokens = settings.twilio_auth_tokens.split(",")
        self._validators = [RequestValidator(token.strip()) for token in tokens if token.strip()]
        self._base = settings.public_url.rstrip("/")
        self._socket_base = settings.stream_url().removesuffix("/voice/stream")

    def cover_form(self, request: Request) -> bool:
        """Whether a form POST is signed. Anything but a form is refused.

        Of a JSON body the signature covers only a hash in the query, which nothing here checks.
        """
        if request.method != "POST" or request.mimetype != FORM:
            return False
        url = self._base + _target(request.environ)
        return self._is_signed(url, request.form, request.headers.get(HEADER))

    def cover_socket(self, environ: Mapping[str, Any]) -> bool:
        """Whether a WebSocket's opening request is signed, given its WSGI environment.

        Twilio signs the `wss:` address, at times with a slash at its end that it was not given.
        """
        url = self._socket_base + _target(environ)
        given = environ.get("HTTP_X_TWILIO_SIGNATURE")
        return any(self._is_signed(form, {}, given) for form in (url, url + "/"))

    def _is_signed(self, url: str, params: Any, signature: str | None) -> bool:
        if not signature:
            return False
        return any(v.validate(url, params, signature) for v in self._validators)


def _target(environ: Mapping[str, Any]) -> str:
    """Path and query as they came over the wire: servers keep them under one of two names."""
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if raw:
        return str(raw)
    query = environ.get("QUERY_STRING", "")
    return str(environ.get("PATH_INFO", "")) + (f"?{query}" if query else "")

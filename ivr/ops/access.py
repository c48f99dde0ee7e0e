# SPDX-License-Identifier: Apache-2.0
"""Who may see the operators' pages: whoever has the password, if there is one.

HTTP Basic, which browsers and Prometheus speak, needs no cookie, no session and no form. Nothing
behind it changes anything, so a forged request gains nothing.
"""

from __future__ import annotations

import hmac

import structlog
from flask import Response, abort, request

from ivr.office import office
from ivr.settings import Settings

log = structlog.get_logger(__name__)

SHORTEST_TOKEN = 20  # characters; `openssl rand -hex 20` gives 40
CHALLENGE = 'Basic realm="Sonsori operators", charset="UTF-8"'
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


def check(settings: Settings) -> None:
    """Raises ValueError, which does not show it, for a password that could be guessed."""
    length = len(settings.ops_token.get_secret_value())
    if 0 < length < SHORTEST_TOKEN:
        raise ValueError(f"SONSORI_OPS_TOKEN has fewer than {SHORTEST_TOKEN} characters")


def require() -> None:
    """Before each request: 404 without a password set, 401 without or with another one sent."""
    token = office().settings.ops_token.get_secret_value()
    if not token:
        abort(404)
    if not hmac.compare_digest(_given().encode(), token.encode()):
        log.warning("ops_refused", path=request.path)
        words = "A password is needed.\n"
        abort(Response(words, 401, {"WWW-Authenticate": CHALLENGE}, "text/plain"))


def keep_private(response: Response) -> Response:
    """After each request: kept by no cache, shown in no frame, and nothing from elsewhere."""
    response.headers.update(HEADERS)
    return response


def _given() -> str:
    """The password of HTTP Basic under any user name, or a bearer's token; empty for neither."""
    sent = request.authorization
    if sent is None or sent.type not in ("basic", "bearer"):
        return ""
    return (sent.password if sent.type == "basic" else sent.token) or ""

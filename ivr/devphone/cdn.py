# SPDX-License-Identifier: Apache-2.0
"""Where media downloads are redirected: another host name, which wants no credentials."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ivr.devphone.account import Account
from ivr.devphone.settings import PhoneSettings


def make_cdn(settings: PhoneSettings, account: Account) -> Blueprint:
    """Serves what a signed address names, and refuses as Amazon's S3 does behind Twilio."""
    cdn = Blueprint("cdn", __name__, url_prefix="/cdn")

    @cdn.get("/<key>")
    def download(key: str) -> Response:
        if "Authorization" in request.headers:
            return Response("Only one auth mechanism allowed", 400)
        media = account.redeem(key)
        signed = request.args.get("Signature") == key[:8]
        if media is None or not signed or request.host != settings.media_host:
            return Response("AccessDenied", 403)
        return Response(media.data, 200, {"Content-Type": media.content_type})

    return cdn

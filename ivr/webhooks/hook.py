# SPDX-License-Identifier: Apache-2.0
"""A route that only Twilio may call."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from flask import Blueprint, Response, abort, request

from ivr.office import office

View = Callable[..., Response]


def webhook(blueprint: Blueprint, rule: str) -> Callable[[View], View]:
    """Register a view at `rule` behind the signature check: 403 for whatever is not signed.

    GET is routed here too, so that it gets the same answer as any other unsigned request.
    """

    def register(view: View) -> View:
        @wraps(view)
        def signed(**arguments: int) -> Response:
            if not office().signatures.cover_form(request):
                abort(403)
            return view(**arguments)

        blueprint.add_url_rule(rule, view_func=signed, methods=["GET", "POST"])
        return signed

    return register


def field(name: str) -> str:
    """A form field that Twilio always sends; without it the request is malformed: 400."""
    value = request.form.get(name, "")
    if not value:
        abort(400, f"no {name}")
    return value


def xml(document: str) -> Response:
    return Response(document, mimetype="text/xml")

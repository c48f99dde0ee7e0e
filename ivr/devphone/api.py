# SPDX-License-Identifier: Apache-2.0
"""The part of Twilio's REST API that the product uses: calls, messages, media."""

from __future__ import annotations

import hmac
import re
from typing import Any

from flask import Blueprint, Response, jsonify, request

from ivr.devphone.account import Account
from ivr.devphone.call import Call, FromUrl, Inline, Source
from ivr.devphone.errors import ApiError
from ivr.devphone.events import EventLog
from ivr.devphone.exchange import Exchange
from ivr.devphone.settings import PhoneSettings
from ivr.devphone.sids import new_sid

_ADDRESS = re.compile(r"(whatsapp:)?\+[1-9]\d{6,14}")
_LONGEST_INLINE = 4000
_LONGEST_BODY = 1600


def make_api(
    settings: PhoneSettings, account: Account, exchange: Exchange, log: EventLog
) -> Blueprint:
    """The API of one account, under its versioned path."""
    api = Blueprint("api", __name__, url_prefix="/2010-04-01/Accounts/<account_sid>")
    own_sid = settings.twilio_account_sid

    @api.url_value_preprocessor
    def _drop_account(endpoint: str | None, values: dict[str, Any] | None) -> None:
        request.environ["devphone.account"] = (values or {}).pop("account_sid", "")

    @api.before_request
    def _check_credentials() -> None:
        given = request.authorization
        known = given is not None and given.username == own_sid
        password = (given.password or "") if given is not None else ""
        if not (known and hmac.compare_digest(password.encode(), settings.auth_token.encode())):
            raise ApiError(401, 20003, "Authenticate")
        if request.environ["devphone.account"] != own_sid:
            raise ApiError(404, 20404, "The requested resource was not found")

    @api.after_request
    def _note(response: Response) -> Response:
        log.add("rest", method=request.method, path=request.path, status=response.status_code)
        return response

    @api.post("/Calls.json")
    def create_call() -> tuple[Response, int]:
        call = exchange.place(_read_call(settings.twilio_number))
        return jsonify(call.as_dict(own_sid)), 201

    @api.get("/Calls.json")
    def list_calls() -> Response:
        found = exchange.calls(request.args.get("From", ""), request.args.get("To", ""))
        return _page("calls", [call.as_dict(own_sid) for call in found])

    @api.get("/Calls/<sid>.json")
    def show_call(sid: str) -> Response:
        return jsonify(exchange.find(sid).as_dict(own_sid))

    @api.post("/Calls/<sid>.json")
    def update_call(sid: str) -> Response:
        return jsonify(exchange.order(sid, _read_order()).as_dict(own_sid))

    @api.post("/Messages.json")
    def create_message() -> tuple[Response, int]:
        to, body = _number("To", 21211), request.form.get("Body", "")
        sender = _channel(to) + settings.twilio_number
        _check_from(sender)
        if not body:
            raise ApiError(400, 21602, "Message body is required.")
        if len(body) > _LONGEST_BODY:
            raise ApiError(400, 21617, "The concatenated message body exceeds 1600 characters.")
        if account.has_stopped(to):
            raise ApiError(400, 21610, "Attempt to send to unsubscribed recipient")
        message = account.add_message(sender, to, body, "outbound-api", [])
        log.add("text_received", number=to, text=body)
        return jsonify(message.as_dict(own_sid)), 201

    @api.get("/Messages.json")
    def list_messages() -> Response:
        found = account.messages(request.args.get("From", ""), request.args.get("To", ""))
        return _page("messages", [message.as_dict(own_sid) for message in found])

    @api.delete("/Messages/<sid>.json")
    def delete_message(sid: str) -> tuple[str, int]:
        account.delete_message(sid)
        return "", 204

    @api.get("/Messages/<message_sid>/Media/<media_sid>")
    def fetch_media(message_sid: str, media_sid: str) -> Response:
        media = account.media(message_sid, media_sid)
        key, expires = account.ticket(media)
        address = f"http://{settings.media_host}/cdn/{key}?Expires={expires}&Signature={key[:8]}"
        return Response("", 307, {"Location": address})

    @api.delete("/Messages/<message_sid>/Media/<media_sid>.json")
    def delete_media(message_sid: str, media_sid: str) -> tuple[str, int]:
        account.delete_media(message_sid, media_sid)
        return "", 204

    return api


def make_cdn(settings: PhoneSettings, account: Account) -> Blueprint:
    """Where media downloads are redirected: another host name, no credentials wanted."""
    cdn = Blueprint("cdn", __name__, url_prefix="/cdn")

    @cdn.get("/<key>")
    def download(key: str) -> Response:
        media = account.redeem(key)
        if request.host != settings.media_host or request.args.get("Signature") != key[:8]:
            return Response("AccessDenied", 403)
        if "Authorization" in request.headers:
            return Response("Only one auth mechanism allowed", 400)
        if media is None:
            return Response("AccessDenied", 403)
        return Response(media.data, 200, {"Content-Type": media.content_type})

    return cdn


def _read_call(own_number: str) -> Call:
    form = request.form
    to = _number("To", 21211)
    if _channel(to):
        raise ApiError(400, 21211, "The 'To' number is not a telephone number.")
    _check_from(own_number)
    source = _read_source()
    if source is None:
        raise ApiError(400, 21205, "Url parameter is required.")
    return Call(
        new_sid("CA"),
        own_number,
        to,
        "outbound-api",
        source,
        status_url=form.get("StatusCallback", ""),
        status_events=tuple(form.getlist("StatusCallbackEvent")) or ("completed",),
        ring_timeout_s=min(float(form.get("Timeout", "60")), 600),
    )


def _read_order() -> Source | None:
    """None ends the call."""
    source = _read_source()
    status = request.form.get("Status", "")
    if source is None and status not in ("completed", "canceled"):
        raise ApiError(400, 20001, "Url, Twiml or a Status of completed or canceled is required.")
    return source


def _read_source() -> Source | None:
    """The document named in the request; an address goes before inline TwiML, as at Twilio."""
    form = request.form
    if form.get("Url"):
        return FromUrl(form["Url"], form.get("Method", "POST"))
    if len(form.get("Twiml", "")) > _LONGEST_INLINE:
        raise ApiError(400, 32018, "Twiml is longer than 4000 characters.")
    return Inline(form["Twiml"]) if form.get("Twiml") else None


def _number(field: str, code: int) -> str:
    number = request.form.get(field, "")
    if not _ADDRESS.fullmatch(number):
        raise ApiError(400, code, f"The '{field}' number {number} is not a valid phone number.")
    return number


def _channel(address: str) -> str:
    """`whatsapp:` or nothing."""
    return address.partition("+")[0]


def _page(name: str, resources: list[dict[str, Any]]) -> Response:
    """The first page of a list is all of it."""
    size = int(request.args.get("PageSize", "50"))
    return jsonify({name: resources[:size], "page": 0, "page_size": size, "next_page_uri": None})


def _check_from(own_number: str) -> None:
    if request.form.get("From", "") != own_number:
        raise ApiError(400, 21210, "The source phone number provided is not yet verified.")

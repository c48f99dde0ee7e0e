# SPDX-License-Identifier: Apache-2.0
"""The part of Twilio's REST API that the product uses: calls, messages, media."""

from __future__ import annotations

import hmac
import re
from typing import Any

from flask import Blueprint, Response, g, jsonify, request

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


class Api:
    """The API of one account, under its versioned path."""

    def __init__(
        self, settings: PhoneSettings, account: Account, exchange: Exchange, log: EventLog
    ) -> None:
        self._settings = settings
        self._own_sid = settings.twilio_account_sid
        self._account = account
        self._exchange = exchange
        self._log = log

    def blueprint(self) -> Blueprint:
        api = Blueprint("api", __name__, url_prefix="/2010-04-01/Accounts/<account_sid>")
        medium = "/Messages/<message_sid>/Media/<media_sid>"
        api.post("/Calls.json")(self.create_call)
        api.get("/Calls.json")(self.list_calls)
        api.get("/Calls/<sid>.json")(self.show_call)
        api.post("/Calls/<sid>.json")(self.update_call)
        api.post("/Messages.json")(self.create_message)
        api.get("/Messages.json")(self.list_messages)
        api.delete("/Messages/<sid>.json")(self.delete_message)
        api.get(medium)(self.fetch_media)
        api.delete(f"{medium}.json")(self.delete_media)
        api.url_value_preprocessor(_take_account)
        api.before_request(self._check_credentials)
        api.after_request(self._note)
        return api

    def _check_credentials(self) -> None:
        given = request.authorization
        known = given is not None and given.username == self._own_sid
        password = ((given.password if given else "") or "").encode()
        if not (known and hmac.compare_digest(password, self._settings.auth_token.encode())):
            raise ApiError(401, 20003, "Authenticate")
        if g.account_sid != self._own_sid:
            raise ApiError(404, 20404, "The requested resource was not found")

    def _note(self, response: Response) -> Response:
        status = response.status_code
        self._log.add("rest", method=request.method, path=request.path, status=status)
        return response

    def create_call(self) -> tuple[Response, int]:
        call = self._exchange.place(_read_call(self._settings.twilio_number))
        return jsonify(call.as_dict(self._own_sid)), 201

    def list_calls(self) -> Response:
        found = self._exchange.calls(request.args.get("From", ""), request.args.get("To", ""))
        return _page("calls", [call.as_dict(self._own_sid) for call in found])

    def show_call(self, sid: str) -> Response:
        return jsonify(self._exchange.find(sid).as_dict(self._own_sid))

    def update_call(self, sid: str) -> Response:
        return jsonify(self._exchange.order(sid, _read_order()).as_dict(self._own_sid))

    def create_message(self) -> tuple[Response, int]:
        to, body = _number("To", 21211), request.form.get("Body", "")
        sender = _channel(to) + self._settings.twilio_number
        _check_from(sender)
        _check_body(body)
        if self._account.has_stopped(to):
            raise ApiError(400, 21610, "Attempt to send to unsubscribed recipient")
        message = self._account.add_message(sender, to, body, "outbound-api", [])
        self._log.add("text_received", number=to, text=body)
        return jsonify(message.as_dict(self._own_sid)), 201

    def list_messages(self) -> Response:
        found = self._account.messages(request.args.get("From", ""), request.args.get("To", ""))
        return _page("messages", [message.as_dict(self._own_sid) for message in found])

    def delete_message(self, sid: str) -> tuple[str, int]:
        self._account.delete_message(sid)
        return "", 204

    def fetch_media(self, message_sid: str, media_sid: str) -> Response:
        """Not the bytes: a redirect to where they lie, with a signature in place of credentials."""
        key, expires = self._account.ticket(self._account.media(message_sid, media_sid))
        host = self._settings.media_host
        address = f"http://{host}/cdn/{key}?Expires={expires}&Signature={key[:8]}"
        return Response("", 307, {"Location": address})

    def delete_media(self, message_sid: str, media_sid: str) -> tuple[str, int]:
        self._account.delete_media(message_sid, media_sid)
        return "", 204


def _take_account(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """The account in the address is checked once, for all views."""
    g.account_sid = (values or {}).pop("account_sid", "")


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


def _check_body(body: str) -> None:
    if not body:
        raise ApiError(400, 21602, "Message body is required.")
    if len(body) > _LONGEST_BODY:
        raise ApiError(400, 21617, "The concatenated message body exceeds 1600 characters.")


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

# SPDX-License-Identifier: Apache-2.0
"""What holds the telephone: the page `/devphone`, and the requests that it and a script make.

For this machine alone: bound to the loopback address, and requests that a browser makes for
another site are refused.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, jsonify, render_template, request
from flask_sock import Sock
from simple_websocket import ConnectionClosed, Server

from ivr.devphone.browser import BrowserCaller
from ivr.devphone.call import Call, FromUrl
from ivr.devphone.events import EventLog
from ivr.devphone.exchange import Exchange
from ivr.devphone.handset import Handset, Handsets, read_script
from ivr.devphone.settings import PhoneSettings
from ivr.devphone.sids import new_sid
from ivr.devphone.texting import Attachment, Texting

_LONGEST_WAIT_S = 20.0
_HEAR_S = 0.2


def make_control(
    settings: PhoneSettings, log: EventLog, exchange: Exchange, handsets: Handsets, texting: Texting
) -> Blueprint:
    """The page and its requests."""
    control = Blueprint("control", __name__, url_prefix="/devphone")
    own_hosts = {f"{name}:{settings.devphone_port}" for name in ("127.0.0.1", "localhost")}
    own_origins = {f"http://{host}" for host in own_hosts}

    @control.before_request
    def _only_here() -> None:
        origin = request.headers.get("Origin")
        if request.host not in own_hosts or (origin is not None and origin not in own_origins):
            abort(403)

    @control.get("")
    def page() -> str:
        return render_template("devphone.html", service_number=settings.twilio_number)

    @control.get("/health")
    def health() -> Response:
        return jsonify(ok=True)

    @control.get("/events")
    def events() -> Response:
        wait_s = min(float(request.args.get("wait", "0")), _LONGEST_WAIT_S)
        found = log.after(int(request.args.get("after", "0")), wait_s)
        return jsonify([event.as_dict() for event in found])

    @control.post("/handsets")
    def switch_on() -> Response:
        given = request.get_json()
        script = given.get("script")
        handsets.switch_on(
            Handset(
                given["number"],
                given["language"],
                None if script is None else read_script(script),
                bool(given.get("picks_up", True)),
            )
        )
        return jsonify(ok=True)

    @control.post("/texts")
    def text() -> Response:
        late = int(request.form.get("late", "0"))
        attachments = [
            Attachment(file.mimetype, file.read(), late) for file in request.files.getlist("photo")
        ]
        message = texting.text(request.form["from"], request.form.get("body", ""), attachments)
        return jsonify(sid=message.sid)

    @control.post("/calls")
    def ring_service() -> Response:
        number = request.get_json()["number"]
        if handsets.find(number) is None:
            abort(409, "switch the handset on first")
        call = Call(
            new_sid("CA"),
            number,
            settings.twilio_number,
            "inbound",
            FromUrl(settings.voice_url),
            status_url=settings.status_url,
        )
        return jsonify(sid=exchange.ring_in(call).sid)

    @control.post("/calls/<sid>/answer")
    def answer(sid: str) -> Response:
        exchange.find(sid).picked_up.set()
        return jsonify(ok=True)

    @control.post("/calls/<sid>/keys")
    def press(sid: str) -> Response:
        keys = request.get_json()["keys"]
        _browser(exchange, sid).add_keys(keys)
        log.add("pressed", call=sid, keys=keys)
        return jsonify(ok=True)

    @control.post("/calls/<sid>/hang-up")
    def hang_up(sid: str) -> Response:
        call = exchange.find(sid)
        if call.browser is not None:
            call.browser.put_down()
        elif not call.over:
            call.orders.put(None)
        return jsonify(ok=True)

    @control.get("/calls/<sid>/call.wav")
    def recording(sid: str) -> Response:
        line = exchange.find(sid).line
        if line is None:
            abort(404)
        return Response(line.recording.wav(), 200, {"Content-Type": "audio/wav"})

    return control


def add_sound(sock: Sock, control: Blueprint, exchange: Exchange) -> None:
    """The WebSocket of the page: the call's mu-law out, the microphone's mu-law in."""

    @sock.route("/calls/<sid>/sound", bp=control)  # type: ignore[untyped-decorator]
    def sound(socket: Server, sid: str) -> None:
        browser = _browser(exchange, sid)
        try:
            while not exchange.find(sid).over:
                frame = browser.next_sound(_HEAR_S)
                if frame is not None:
                    socket.send(frame)
                while (heard := socket.receive(timeout=0)) is not None:
                    browser.add_sound(heard)
        except ConnectionClosed:
            pass  # the page was closed; the call goes on until it is put down


def _browser(exchange: Exchange, sid: str) -> BrowserCaller:
    browser = exchange.find(sid).browser
    if browser is None:
        abort(409, "no person is on this call")
    return browser

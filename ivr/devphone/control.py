# SPDX-License-Identifier: Apache-2.0
"""What holds the telephone: the page `/devphone`, and the requests that it and a script make.

For this machine alone: bound to the loopback address, and requests that a browser makes for
another site are refused.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from functools import cache

from flask import Blueprint, Response, abort, jsonify, render_template, request
from flask_sock import Sock
from simple_websocket import ConnectionClosed, Server

from ivr.devphone.browser import BrowserCaller
from ivr.devphone.call import Call, FromUrl
from ivr.devphone.events import EventLog
from ivr.devphone.exchange import Exchange
from ivr.devphone.handset import Handset, Handsets, read_script
from ivr.devphone.record import Record
from ivr.devphone.settings import PhoneSettings
from ivr.devphone.sids import new_sid
from ivr.devphone.texting import Attachment, Texting
from ivr.devphone.tones import humming
from ivr.settings import Settings
from worker.store import open_store

_LONGEST_WAIT_S = 20.0
_HEAR_S = 0.2
_LONGEST_HUM_S = 60.0


class Control:
    """Handsets, texts and calls, as the page and a script use them."""

    def __init__(
        self,
        settings: PhoneSettings,
        log: EventLog,
        exchange: Exchange,
        handsets: Handsets,
        texting: Texting,
    ) -> None:
        self._settings = settings
        self._log = log
        self._exchange = exchange
        self._handsets = handsets
        self._texting = texting
        names = ("127.0.0.1", "localhost")
        self._own_hosts = {f"{name}:{settings.devphone_port}" for name in names}

    def blueprint(self, sock: Sock) -> Blueprint:
        control = Blueprint("control", __name__, url_prefix="/devphone")
        control.before_request(self._only_here)
        control.get("")(self.page)
        control.get("/health")(self.health)
        control.get("/events")(self.events)
        control.post("/handsets")(self.switch_on)
        control.post("/texts")(self.text)
        control.post("/calls")(self.ring_service)
        control.post("/calls/<sid>/answer")(self.answer)
        control.post("/calls/<sid>/keys")(self.press)
        control.post("/calls/<sid>/words")(self.say)
        control.post("/calls/<sid>/hum")(self.hum)
        control.post("/calls/<sid>/hang-up")(self.hang_up)
        control.get("/calls/<sid>/call.wav")(self.recording)
        control.get("/calls/<sid>/record")(self.record)
        sock.route("/calls/<sid>/sound", bp=control)(self.sound)
        return control

    def _only_here(self) -> None:
        origin = request.headers.get("Origin")
        own = origin is None or origin in {f"http://{host}" for host in self._own_hosts}
        if request.host not in self._own_hosts or not own:
            abort(403)

    def page(self) -> str:
        return render_template("devphone.html", service_number=self._settings.twilio_number)

    def health(self) -> Response:
        return jsonify(ok=True)

    def events(self) -> Response:
        wait_s = min(float(request.args.get("wait", "0")), _LONGEST_WAIT_S)
        found = self._log.after(int(request.args.get("after", "0")), wait_s)
        return jsonify([event.as_dict() for event in found])

    def switch_on(self) -> Response:
        given = request.get_json()
        script = given.get("script")
        answers = None if script is None else read_script(script)
        picks_up, streams = bool(given.get("picks_up", True)), bool(given.get("streams", True))
        handset = Handset(given["number"], given["language"], answers, picks_up, streams)
        self._handsets.switch_on(handset)
        return jsonify(ok=True)

    def text(self) -> Response:
        late = int(request.form.get("late", "0"))
        photos = [photo for photo in request.files.getlist("photo") if photo.filename]
        attachments = [Attachment(photo.mimetype, photo.read(), late) for photo in photos]
        body = request.form.get("body", "")
        return jsonify(sid=self._texting.text(request.form["from"], body, attachments).sid)

    def ring_service(self) -> Response:
        number = request.get_json()["number"]
        if self._handsets.find(number) is None:
            abort(409, "switch the handset on first")
        call = Call(
            new_sid("CA"),
            number,
            self._settings.twilio_number,
            "inbound",
            FromUrl(self._settings.voice_url),
            status_url=self._settings.status_url,
        )
        return jsonify(sid=self._exchange.ring_in(call).sid)

    def answer(self, sid: str) -> Response:
        self._exchange.find(sid).picked_up.set()
        return jsonify(ok=True)

    def press(self, sid: str) -> Response:
        """Keys at once, or as an answer `when_asked`: when the service has finished."""
        given = request.get_json()
        keys, person = given["keys"], _browser(self._exchange.find(sid))
        if given.get("when_asked"):
            person.mouth.answer(keys=keys)
        else:
            person.add_keys(keys)
        self._log.add("pressed", call=sid, keys=keys)
        return jsonify(ok=True)

    def say(self, sid: str) -> Response:
        """The person's next words: once the service has finished, or `over` what it says."""
        given = request.get_json()
        call = self._exchange.find(sid)
        self._exchange.say(call, _browser(call), given["text"], over=bool(given.get("over")))
        return jsonify(ok=True)

    def hum(self, sid: str) -> Response:
        """The person hums at once for some seconds."""
        seconds = min(float(request.get_json()["seconds"]), _LONGEST_HUM_S)
        _browser(self._exchange.find(sid)).mouth.interrupt(humming(seconds))
        self._log.add("said", call=sid, text=f"({seconds:g} s of humming)")
        return jsonify(ok=True)

    def hang_up(self, sid: str) -> Response:
        call = self._exchange.find(sid)
        if call.browser is not None:
            call.browser.put_down()
        elif not call.over:
            call.orders.put(None)
        return jsonify(ok=True)

    def recording(self, sid: str) -> Response:
        line = self._exchange.find(sid).line
        if line is None:
            abort(404)
        return Response(line.recording.wav(), 200, {"Content-Type": "audio/wav"})

    def record(self, sid: str) -> Response:
        """What the service noted since turn `after`, and the labels as they stand."""
        turns, last = _record().turns(sid, int(request.args.get("after", "0")))
        labels = _record().labels(sid)
        return jsonify(turns=list(map(asdict, turns)), labels=list(map(asdict, labels)), last=last)

    def sound(self, socket: Server, sid: str) -> None:
        """The call's mu-law out, the microphone's mu-law in."""
        call = self._exchange.find(sid)
        browser = _browser(call)
        with suppress(ConnectionClosed):  # the page was closed; the call goes on without it
            while not call.over:
                frame = browser.next_sound(_HEAR_S)
                if frame is not None:
                    socket.send(frame)
                while (heard := socket.receive(timeout=0)) is not None:
                    browser.add_sound(heard)


@cache
def _record() -> Record:
    """Opened when it is first asked for: calls need no database."""
    return Record(open_store(Settings()))


def _browser(call: Call) -> BrowserCaller:
    if call.browser is None:
        abort(409, "no person is on this call")
    return call.browser

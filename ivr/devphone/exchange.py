# SPDX-License-Identifier: Apache-2.0
"""The telephone exchange: rings handsets, connects calls, and keeps them by their sid."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from threading import Lock, Thread

from ivr.devphone.browser import BrowserCaller
from ivr.devphone.call import Call, CallEnded, Equipment, Moved, Source
from ivr.devphone.callbacks import StatusCallbacks
from ivr.devphone.errors import ApiError
from ivr.devphone.handset import Answer, Handset, Handsets, Press, Speak
from ivr.devphone.interpreter import Interpreter
from ivr.devphone.line import Clock, Line, Person
from ivr.devphone.script import ScriptedCaller
from ivr.devphone.twiml import Say, TwimlError
from ivr.devphone.webhook import WebhookError

_RING_S = 1.0  # how long a scripted owner lets it ring
_SORRY = Say("We are sorry. An application error has occurred. Goodbye.")


class Exchange:
    """Every call has a thread of its own, which ends with the call."""

    def __init__(
        self, equipment: Equipment, handsets: Handsets, callbacks: StatusCallbacks, clock: Clock
    ) -> None:
        self._equipment = equipment
        self._log = equipment.log
        self._handsets = handsets
        self._callbacks = callbacks
        self._clock = clock
        self._lock = Lock()
        self._calls: dict[str, Call] = {}

    def find(self, sid: str) -> Call:
        """Raises `ApiError` 20404."""
        with self._lock:
            if sid not in self._calls:
                raise ApiError(404, 20404, f"The requested resource Calls/{sid} was not found")
            return self._calls[sid]

    def calls(self, from_number: str, to_number: str) -> list[Call]:
        """Calls from one number to another, newest first."""
        with self._lock:
            found = list(self._calls.values())
        return [
            c for c in reversed(found) if (c.from_number, c.to_number) == (from_number, to_number)
        ]

    def place(self, call: Call) -> Call:
        """The service rings a handset."""
        return self._begin(call, self._ring_handset)

    def ring_in(self, call: Call) -> Call:
        """The owner of a handset rings the service."""
        return self._begin(call, self._ring_service)

    def order(self, sid: str, order: Source | None) -> Call:
        """Move a live call to other TwiML, or end it. Raises `ApiError` 20404 or 21220."""
        call = self.find(sid)
        if call.over:
            raise ApiError(400, 21220, "Call is not in-progress. Cannot redirect.")
        call.orders.put(order)
        return call

    def say(self, call: Call, person: BrowserCaller, text: str, *, over: bool) -> None:
        """Have a person without a microphone speak, in the voice of their telephone's owner."""
        number = call.from_number if call.direction == "inbound" else call.to_number
        handset = self._handsets.find(number)
        assert handset is not None, "nobody talks on a handset that is switched off"
        sound = self._equipment.speak_as_caller(text, handset.language)
        (person.mouth.interrupt if over else person.mouth.answer)(sound)
        self._note(call, Speak(text))

    def _begin(self, call: Call, serve: Callable[[Call], None]) -> Call:
        with self._lock:
            self._calls[call.sid] = call
        Thread(target=serve, args=(call,), name=call.sid, daemon=True).start()
        return call

    # ---- the thread of a call -------------------------------------------------------------

    def _ring_handset(self, call: Call) -> None:
        self._enter(call, "initiated")
        handset = self._handsets.find(call.to_number)
        if handset is not None and self._is_engaged(call):
            self._enter(call, "busy")
            return
        self._enter(call, "ringing")
        outcome = self._wait_for_answer(call, handset)
        if outcome != "answered" or handset is None:
            self._enter(call, outcome)
            return
        self._answered(call)
        self._talk(call, self._person(call, handset))

    def _ring_service(self, call: Call) -> None:
        handset = self._handsets.find(call.from_number)
        assert handset is not None, "a handset that is switched off cannot ring"
        self._enter(call, "ringing")
        self._talk(call, self._person(call, handset))

    def _wait_for_answer(self, call: Call, handset: Handset | None) -> str:
        scripted = handset is not None and handset.picks_up and handset.script is not None
        patience_s = _RING_S if scripted else call.ring_timeout_s
        give_up_at = time.monotonic() + patience_s
        while time.monotonic() < give_up_at:
            if not call.orders.empty() and call.orders.get() is None:
                return "canceled"
            if call.picked_up.wait(0.05):
                return "answered"
        return "answered" if scripted else "no-answer"

    def _talk(self, call: Call, person: Person) -> None:
        call.line = line = Line(person, self._clock)
        interpreter = Interpreter(call, line, self._equipment, on_answer=self._answered)
        try:
            interpreter.run(call.source)
        except CallEnded:
            pass
        except (WebhookError, TwimlError) as error:
            self._log.add("error", call=call.sid, code=error.code, message=str(error))
            self._apologise(interpreter)
        finally:
            call.note_duration()
            self._enter(call, "busy" if call.answered_at is None else "completed")

    def _apologise(self, interpreter: Interpreter) -> None:
        with suppress(CallEnded, Moved):  # nobody is left to hear it
            interpreter.say_aloud(_SORRY)

    def _answered(self, call: Call) -> None:
        call.answered_at = time.time()
        self._enter(call, "in-progress")

    def _enter(self, call: Call, status: str) -> None:
        call.status = status
        self._log.add(
            "call",
            call=call.sid,
            status=status,
            direction=call.direction,
            to=call.to_number,
            **{"from": call.from_number},
        )
        self._callbacks.send(call)

    def _is_engaged(self, call: Call) -> bool:
        with self._lock:
            others = [other for other in self._calls.values() if other is not call]
        return any(
            other.line is not None
            and not other.over
            and call.to_number in (other.from_number, other.to_number)
            for other in others
        )

    def _person(self, call: Call, handset: Handset) -> Person:
        call.streams = handset.streams
        if handset.script is None:
            call.browser = BrowserCaller()
            return call.browser
        return ScriptedCaller(
            handset.script,
            speak_aloud=lambda text: self._equipment.speak_as_caller(text, handset.language),
            note=lambda answer: self._note(call, answer),
        )

    def _note(self, call: Call, answer: Answer) -> None:
        match answer:
            case Speak(text):
                self._log.add("said", call=call.sid, text=text)
            case Press(keys):
                self._log.add("pressed", call=call.sid, keys=keys)
            case _:
                self._log.add("put_down", call=call.sid)

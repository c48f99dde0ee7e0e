# SPDX-License-Identifier: Apache-2.0
"""Performs a dialog on a running stack with the dev phone: hears, does its part, compares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ivr.devphone.remote import RemotePhone
from ivr.devphone.transcript import Entry
from ivr.rehearsal.acquaintance import has_ended, introduce
from ivr.rehearsal.attention import Attention, LeftTheScript
from ivr.rehearsal.compare import hear, part
from ivr.rehearsal.dialog import Dialog, Turn
from worker.store import Store

Photos = Callable[[str], Path]
"""Finds or makes a photo by its name."""


@dataclass(frozen=True, slots=True)
class Performance:
    """How it went. `left` says where it left the script, and is empty when it did not."""

    calls: tuple[str, ...]
    entries: tuple[Entry, ...]
    left: str

    def as_text(self) -> str:
        """The transcript, and at its end where it left the script."""
        start = self.entries[0].at if self.entries else 0.0
        lines = [_line(entry, entry.at - start) for entry in self.entries]
        return "\n".join([*lines, *([f"LEFT THE SCRIPT: {self.left}"] if self.left else [])])


def _line(entry: Entry, at_s: float) -> str:
    name = f"  [{entry.prompt}]" if entry.prompt else ""
    return f"{at_s:6.1f} s  {entry.who:<8}{entry.text}{name}"


def perform(
    dialog: Dialog, phone: RemotePhone, store: Store, number: str, photos: Photos
) -> Performance:
    """Perform `dialog` as the owner of `number`, who is new to the service."""
    attention = Attention(phone, store, number)
    left = ""
    try:
        _Caller(dialog, phone, store, number, photos, attention).play()
    except LeftTheScript as error:
        left = str(error)
    finally:
        for call in attention.calls:
            phone.hang_up(call)
    return Performance(tuple(attention.calls), tuple(attention.entries), left)


class _Caller:
    """One person with their telephone, script in hand."""

    def __init__(
        self,
        dialog: Dialog,
        phone: RemotePhone,
        store: Store,
        number: str,
        photos: Photos,
        attention: Attention,
    ) -> None:
        self._dialog = dialog
        self._phone = phone
        self._store = store
        self._number = number
        self._photos = photos
        self._attention = attention
        self._again: Callable[[], None] | None = None

    def play(self) -> None:
        """Raises LeftTheScript."""
        dialog = self._dialog
        self._phone.switch_on(self._number, dialog.language, None, streams=dialog.stream)
        if dialog.caller == "regular":
            introduce(
                self._store, self._number, dialog.language, dialog.consent, dialog.test_consent
            )
        language = dialog.language
        for turn in dialog.turn:
            language = turn.language or language
            hear(self._attention, turn, language, self._again)
            self._do(turn)
        if dialog.turn[-1].says:  # which may not be understood, either
            hear(self._attention, Turn(hears=(dialog.end.hears,)), language, self._again)
        self._await_end()
        if self._attention.failed and dialog.stream:
            raise LeftTheScript("the telephone network could make no sense of something")
        part(self._attention, dialog.end, self._store, self._number, language)

    def _do(self, turn: Turn) -> None:
        self._again = (lambda: self._do(turn)) if turn.says else None
        match turn.deed:
            case "texts":
                self._phone.text(self._number, [self._photos(name) for name in turn.texts])
            case "rings":
                self._leave_call()
                self._phone.ring(self._number)
                self._attention.await_call()
            case "is_rung":
                self._leave_call()
                self._pick_up()
            case "":
                return
            case deed:
                self._do_on_call(deed, turn, self._attention.calls[-1])

    def _do_on_call(self, deed: str, turn: Turn, call: str) -> None:
        match deed:
            case "says":
                self._phone.say(call, turn.says)
            case "says_over":
                self._phone.say(call, turn.says_over, over=True)
            case "hums_s":
                self._phone.hum(call, turn.hums_s)
            case "presses":
                self._phone.press(call, turn.presses, when_asked=self._dialog.patient)
            case "hangs_up":
                self._phone.hang_up(call)
                self._await_end()

    def _leave_call(self) -> None:
        for call in self._attention.calls:
            ended = partial(has_ended, self._store, call)
            self._attention.wait(ended, "the service to know that the call is over")
        self._attention.leave_call()

    def _pick_up(self) -> None:
        self._attention.await_call()
        self._attention.wait(lambda: self._attention.status == "ringing", "the telephone to ring")
        self._phone.answer(self._attention.calls[-1])

    def _await_end(self) -> None:
        self._attention.wait(lambda: self._attention.over, "the end of the call")

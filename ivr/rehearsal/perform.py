# SPDX-License-Identifier: Apache-2.0
"""Performs a dialog on a running stack with the dev phone: listens, does its part, compares."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ivr.catalogue import load
from ivr.devphone.remote import RemotePhone
from ivr.devphone.transcript import Entry
from ivr.dialog.types import Say
from ivr.rehearsal.acquaintance import introduce, known
from ivr.rehearsal.dialog import Dialog, Turn
from ivr.rehearsal.follow import Follower
from worker.store import Store

_PATIENCE_S = 60.0  # longer than the longest silence that is part of a dialog
_AFTERWARDS_S = 10.0  # once a call is over: for its labels, its texts, and what is remembered
_POLL_S = 0.1
_MISSES = ("silent_", "unclear_")


class LeftTheScript(Exception):
    """Something else happened: says where, and what was to come."""


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
    dialog: Dialog,
    phone: RemotePhone,
    store: Store,
    number: str,
    photo: Callable[[str], Path],
) -> Performance:
    """Perform `dialog` as the owner of `number`; `photo` finds or makes a photo by its name."""
    performer = _Performer(dialog, phone, store, number, photo)
    left = ""
    try:
        performer.perform()
    except LeftTheScript as error:
        left = str(error)
    finally:
        performer.leave()
    return Performance(tuple(performer.calls), tuple(performer.entries), left)


class _Performer:
    """One caller with their telephone, script in hand."""

    def __init__(
        self,
        dialog: Dialog,
        phone: RemotePhone,
        store: Store,
        number: str,
        photo: Callable[[str], Path],
    ) -> None:
        self._dialog = dialog
        self._phone = phone
        self._store = store
        self._number = number
        self._photo = photo
        self._language = dialog.language
        self._said: list[Entry] = []
        self._heard = 0  # of `_said`, what earlier turns have heard
        self._labels: list[str] = []
        self._follower = self._following(phone.last_event())
        self.calls: list[str] = []
        self.entries: list[Entry] = []

    def perform(self) -> None:
        """Raises LeftTheScript."""
        self._phone.switch_on(
            self._number, self._dialog.language, None, streams=self._dialog.stream
        )
        if self._dialog.caller == "regular":
            introduce(self._store, self._number, self._dialog.language, self._dialog.consent)
        for turn in self._dialog.turn:
            self._language = turn.language or self._language
            self._hear(turn)
            self._do(turn)
        self._wait(lambda: self._follower.over, "the end of the call")
        self._part()

    def leave(self) -> None:
        """Put down whatever call is left."""
        for call in self.calls:
            self._phone.hang_up(call)

    # ---- one turn -------------------------------------------------------------------------

    def _hear(self, turn: Turn) -> None:
        before = self._heard
        for name in turn.hears:
            self._wait(lambda name=name: self._has_said(name, turn.hears), name)  # type: ignore[misc]
        heard = self._said[before : self._heard]
        spoken = " ".join(entry.text for entry in heard)
        for words in turn.spoken:
            if words not in spoken:
                raise LeftTheScript(f"“{words}” was to be spoken, not “{spoken}”")
        if heard:
            self._check_language(heard[-1])

    def _has_said(self, name: str, wanted: tuple[str, ...]) -> bool:
        """Whether prompt `name` has come; a miss that is not in the script has left it."""
        for at, entry in enumerate(self._said[self._heard :], start=self._heard + 1):
            if entry.prompt == name:
                self._heard = at
                return True
            if entry.prompt.startswith(_MISSES) and entry.prompt not in wanted:
                raise LeftTheScript(f"{name} was to come, not {entry.prompt}")
        return False

    def _check_language(self, entry: Entry) -> None:
        """The last of what was heard is in the language it should be in."""
        catalogue = load(self._language)
        if "{" not in catalogue.prompts[entry.prompt]:
            words = catalogue.text(Say(entry.prompt))
            if entry.text != words:
                raise LeftTheScript(f"“{words}” was to be said, not “{entry.text}”")

    def _do(self, turn: Turn) -> None:
        match turn.deed:
            case "texts":
                self._phone.text(self._number, [self._photo(name) for name in turn.texts])
            case "rings":
                self._next_call()
                self._phone.ring(self._number)
                self._await_call()
            case "is_rung":
                self._next_call()
                self._await_call()
                self._wait(lambda: self._follower.status == "ringing", "the telephone rings")
                self._phone.answer(self._call)
            case "says":
                self._phone.say(self._call, turn.says)
            case "says_over":
                self._phone.say(self._call, turn.says_over, over=True)
            case "hums_s":
                self._phone.hum(self._call, turn.hums_s)
            case "presses":
                self._phone.press(self._call, turn.presses)
            case "hangs_up":
                self._phone.hang_up(self._call)
                self._wait(lambda: self._follower.over, "the end of the call")

    @property
    def _call(self) -> str:
        return self.calls[-1]

    def _next_call(self) -> None:
        """Turn to the next call; the one before is over."""
        if self.calls:
            self._labels += self._follower.labels
            self._follower = self._following(self._follower.last_event)

    def _await_call(self) -> None:
        self._wait(lambda: self._follower.call is not None, "a call")
        assert self._follower.call is not None
        self.calls.append(self._follower.call)

    def _following(self, last_event: int) -> Follower:
        return Follower(self._phone, self._store, self._number, last_event)

    # ---- the end --------------------------------------------------------------------------

    def _part(self) -> None:
        """Everything that must have come of the call has; some of it comes a moment later."""
        end = self._dialog.end
        if self._said[-1:] and self._said[-1].prompt != end.hears:
            raise LeftTheScript(f"{end.hears} was to be the last, not {self._said[-1].prompt}")
        never = {entry.prompt for entry in self._said} & set(end.unspoken)
        if never:
            raise LeftTheScript(f"{', '.join(sorted(never))} was not to be said")
        if self._follower.failed and self._dialog.stream:
            raise LeftTheScript("the service answered the telephone network wrongly")
        self._wait(
            lambda: self._kept == list(end.kept), lambda: f"kept {end.kept}, not {self._kept}"
        )
        self._wait(self._has_texted, f"the texts {end.texted}")
        self._wait(self._remembers, lambda: f"what is remembered, not {self._known}")

    @property
    def _kept(self) -> list[str]:
        labels = (*self._labels, *self._follower.labels)
        return sorted(label.removeprefix("label stored: ") for label in labels)

    def _has_texted(self) -> bool:
        catalogue = load(self._language)
        texts = [e.text for e in self.entries if (e.who, e.kind) == ("service", "texted")]
        return texts == [catalogue.text(Say(name)) for name in self._dialog.end.texted]

    @property
    def _known(self) -> object:
        return known(self._store, self._number)

    def _remembers(self) -> bool:
        end, now = self._dialog.end, known(self._store, self._number)
        if now is None or end.forgotten:
            return now is None and end.forgotten
        wanted = {"language": end.language, "consent": end.consent, "slowness": end.slowness}
        return all(value is None or getattr(now, name) == value for name, value in wanted.items())

    # ---- the passing of time --------------------------------------------------------------

    def _wait(self, condition: Callable[[], bool], wanted: str | Callable[[], str]) -> None:
        """Follow the call until `condition`; a call that is over tells nothing more for long."""
        give_up_at = time.monotonic() + _PATIENCE_S
        while not condition():
            if self._follower.over and give_up_at > time.monotonic() + _AFTERWARDS_S:
                give_up_at = time.monotonic() + _AFTERWARDS_S
            if time.monotonic() > give_up_at:
                what = wanted if isinstance(wanted, str) else wanted()
                raise LeftTheScript(f"waited in vain for {what}")
            self._follow()

    def _follow(self) -> None:
        news = self._follower.news(_POLL_S)
        self.entries += news
        self._said += [entry for entry in news if entry.prompt]

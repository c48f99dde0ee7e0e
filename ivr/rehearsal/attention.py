# SPDX-License-Identifier: Apache-2.0
"""What a caller has noticed so far, over one call or several, and waiting for more."""

from __future__ import annotations

import time
from collections.abc import Callable

from ivr.devphone.remote import RemotePhone
from ivr.devphone.transcript import Entry
from ivr.rehearsal.follow import Follower
from worker.store import Store

_PATIENCE_S = 60.0  # longer than the longest silence that is part of a dialog
_AFTERWARDS_S = 10.0  # once a call is over: for its labels, its texts, and what is remembered
_POLL_S = 0.1


class LeftTheScript(Exception):
    """Something else happened: says where, and what was to come."""


class Attention:
    """Follows the calls of one number. `entries` is all that happened, `calls` their sids."""

    def __init__(self, phone: RemotePhone, store: Store, number: str) -> None:
        self._phone = phone
        self._store = store
        self._number = number
        self._follower = Follower(phone, store, number, phone.last_event())
        self._earlier_labels: tuple[str, ...] = ()
        self._said: list[Entry] = []
        self._heard = 0  # of `_said`, what has been looked at
        self.entries: list[Entry] = []
        self.calls: list[str] = []

    @property
    def status(self) -> str:
        """Where the newest call stands, as the telephone network has it."""
        return self._follower.status

    @property
    def over(self) -> bool:
        return self._follower.over

    @property
    def failed(self) -> bool:
        """Whether the telephone network could make no sense of something."""
        return self._follower.failed

    @property
    def labels(self) -> list[str]:
        """All labels so far: `482915, confirmed, by voice`."""
        labels = (*self._earlier_labels, *self._follower.labels)
        return sorted(label.removeprefix("label stored: ") for label in labels)

    @property
    def said(self) -> list[Entry]:
        """All that the service said."""
        return self._said

    def since(self, heard: int) -> list[Entry]:
        """What was looked at after the first `heard`."""
        return self._said[heard : self._heard]

    @property
    def heard(self) -> int:
        return self._heard

    def look_for(self, wanted: Callable[[Entry], bool]) -> bool:
        """Look on to the next thing said that is wanted; whether there is one yet."""
        for at, entry in enumerate(self._said[self._heard :], start=self._heard + 1):
            if wanted(entry):
                self._heard = at
                return True
        return False

    def leave_call(self) -> None:
        """The call before is done with: whichever comes next is the call now."""
        if self.calls:
            self._earlier_labels += self._follower.labels
            last = self._follower.last_event
            self._follower = Follower(self._phone, self._store, self._number, last)

    def await_call(self) -> None:
        """Wait until there is a call. Raises LeftTheScript."""
        self.wait(lambda: self._follower.call is not None, "a call")
        assert self._follower.call is not None
        self.calls.append(self._follower.call)

    def wait(self, condition: Callable[[], bool], wanted: str | Callable[[], str]) -> None:
        """Follow the call until `condition`. Raises LeftTheScript when it does not come."""
        give_up_at = time.monotonic() + _PATIENCE_S
        while not condition():
            if self.over:
                give_up_at = min(give_up_at, time.monotonic() + _AFTERWARDS_S)
            if time.monotonic() > give_up_at:
                what = wanted if isinstance(wanted, str) else wanted()
                raise LeftTheScript(f"waited in vain for {what}")
            self._follow()

    def _follow(self) -> None:
        news = self._follower.news(_POLL_S)
        self.entries += news
        self._said += [entry for entry in news if entry.prompt]

# SPDX-License-Identifier: Apache-2.0
"""Where a conversation stands: one value that goes to the database and back between turns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter, ValidationError

from vision.reading import Reading

SLOWER_BY = 0.15  # each "slower", each repeat
SLOWEST, FASTEST = 0.55, 1.3
MOST_SLOWNESS, LEAST_SLOWNESS = 3, -2  # steps of `SLOWER_BY` that lead there


class Screen(StrEnum):
    """What is being talked about; each has its module of the same name."""

    GREETING = "greeting"
    READING = "reading"
    ALTERNATIVE = "alternative"
    PLACE = "place"
    DIGIT = "digit"
    KEYING = "keying"
    CHECKING = "checking"
    CONSENT = "consent"
    KNOWS = "knows"
    EXAM = "exam"
    DIFFERS = "differs"
    PROBLEM = "problem"
    WAITING = "waiting"
    HELP = "help"
    FORGETTING = "forgetting"
    GOODBYE = "goodbye"


class Manner(StrEnum):
    """How digits are read out."""

    GROUPED = "grouped"
    SINGLY = "singly"  # one by one, each with its place
    BACKWARDS = "backwards"


class Ending(StrEnum):
    """Why a call ends, which is how the goodbye is worded."""

    DONE = "done"
    DENIED = "denied"  # what was read is wrong, and nobody knows what is right
    LATER = "later"
    SILENT = "silent"
    STOPPED = "stopped"
    NO_PHOTO = "no_photo"
    FORGOTTEN = "forgotten"  # asked for all that is kept about them to be deleted
    LONG = "long"  # as many turns as one call may have


class Verdict(StrEnum):
    """What the caller said of a reading."""

    ACCEPTED = "accepted"
    KEYED = "keyed"  # gave the digits by keys
    SPOKEN = "spoken"  # had single digits put right, and the whole confirmed
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that was read; `id` is the reading's."""

    id: int
    reading: Reading


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is certain about one reading so far: of several, the last said counts."""

    reading_id: int
    verdict: Verdict
    digits: str  # lines joined with `|`; of a denied reading, what it is not
    heard_by: str  # voice, keys
    confidence: float


@dataclass(frozen=True, slots=True)
class State:
    """One conversation between two turns.

    `arrived` is True when the photo came while the line was held open. `person` is True once
    somebody said yes or pressed 1: no digit is spoken before. `at` is the index of the photo
    talked about, `settled` holds the readings that are done with. `strikes` counts misses in a
    row, `repeats` how often this screen was asked for again, `slowness` how much slower the
    caller wants everything. `denied` are the changes the caller said no to, `candidate` the
    text asked about or keyed in last (`keyed`), `keyed_lines` what was keyed so far, `rounds` how
    often. `waits` counts time-outs of waiting for a photo, `lost` photos the provider no longer
    had. `languages` are those a caller may change between. `manner` is how digits are read on this
    screen, `only` the one position asked for (from 1; 0 for all). `back` is the question that was
    left for help or for "forget me", `page` how far the help has got. `forget` is True once the
    caller has asked to be forgotten. `bad_photos` counts those told to be unreadable, `turns` all
    that has happened.

    `chosen` is True for the few callers on whose photos new models are tried: `test_consent` is
    what they said to that, `examined` whether they were asked for the number by keys.

    While a number is put right, `draft` is what it is so far (`ivr.dialog.draft`), `tries` how many
    answers that took, `line` and `place` (from 1, 0 not known) the digit asked about, `value` what
    it may be instead (empty: no digit at all), and `named` whether the caller named the place.
    """

    language: str
    inbound: bool = False
    first_time: bool = True
    consent: bool | None = None
    chosen: bool = False
    test_consent: bool | None = None
    photos: tuple[Photo, ...] = ()
    lost: int = 0
    screen: Screen = Screen.GREETING
    begun: bool = False
    arrived: bool = False
    ended: bool = False
    person: bool = False
    at: int = 0
    settled: frozenset[int] = frozenset()
    strikes: int = 0
    repeats: int = 0
    slowness: int = 0
    waits: int = 0
    denied: tuple[str, ...] = ()
    candidate: str = ""
    keyed: bool = False
    keyed_lines: tuple[str, ...] = ()
    rounds: int = 0
    outcomes: tuple[Outcome, ...] = ()
    knows: bool | None = None
    ending: Ending = Ending.DONE
    languages: tuple[str, ...] = ()
    manner: Manner = Manner.GROUPED
    only: int = 0
    back: Screen | None = None
    page: int = 0
    forget: bool = False
    bad_photos: int = 0
    turns: int = 0
    draft: str = ""
    tries: int = 0
    line: int = 0
    place: int = 0
    value: str = ""
    named: bool = False
    examined: bool = False

    @property
    def photo(self) -> Photo:
        return self.photos[self.at]

    @property
    def pace(self) -> float:
        """Speed relative to normal."""
        pace = round(1 - SLOWER_BY * (self.slowness + self.repeats), 2)
        return max(SLOWEST, min(FASTEST, pace))

    @property
    def asked_plainly(self) -> bool:
        """Whether this screen is heard as it comes, and not as the caller wanted it again."""
        return not self.repeats and self.manner is Manner.GROUPED

    @property
    def grouped(self) -> bool:
        """Whether digits are read in groups, as they are until the caller wants them otherwise."""
        return self.manner is Manner.GROUPED and self.repeats < 2

    @property
    def asked(self) -> Screen:
        """The question that is open, also while help is given."""
        return self.back or self.screen

    @property
    def waiting(self) -> bool:
        """Whether the line is held open for a photo."""
        return not self.ended and self.asked in (Screen.PROBLEM, Screen.WAITING)

    @property
    def told(self) -> bool:
        """Whether the caller has been told everything there was to tell."""
        known = {photo.id for photo in self.photos}
        return bool(known or self.begun) and known <= self.settled and not self.lost

    def to(self, screen: Screen, **changes: Any) -> State:
        """This state, gone on to another screen: its misses and repeats are forgotten."""
        return replace(self, screen=screen, **(_ANEW | changes))

    def aside(self, screen: Screen) -> State:
        """This state, gone to a screen that leads back to the question that is open."""
        return self.to(screen, back=self.asked)

    def returned(self) -> State:
        """This state, back at the question that was left; there already, unchanged."""
        return self if self.back is None else self.to(self.back)

    def end(self, ending: Ending) -> State:
        return self.to(Screen.GOODBYE, ending=ending)

    def with_outcome(self, outcome: Outcome) -> State:
        """This state with `outcome` in the place of an earlier one of the same reading."""
        others = tuple(o for o in self.outcomes if o.reading_id != outcome.reading_id)
        return replace(self, outcomes=(*others, outcome))

    def as_dict(self) -> dict[str, Any]:
        data: dict[str, Any] = _ADAPTER.dump_python(self, mode="json")
        return data

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> State:
        """The state that `as_dict` wrote; raises ValueError for anything else.

        The error names fields only: pydantic's own would quote the digits in them.
        """
        try:
            return _ADAPTER.validate_python(data)
        except ValidationError as error:
            fields = sorted({str(problem["loc"][0]) for problem in error.errors()})
            raise ValueError(f"no stored conversation: {', '.join(fields)}") from None


# What belongs to one asking of one question.
_ANEW: dict[str, Any] = {
    "strikes": 0,
    "repeats": 0,
    "manner": Manner.GROUPED,
    "only": 0,
    "back": None,
    "page": 0,
}
_ADAPTER = TypeAdapter(State)

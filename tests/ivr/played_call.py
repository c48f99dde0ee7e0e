# SPDX-License-Identifier: Apache-2.0
"""A conversation played without a telephone: events in, what is said as text out."""

from __future__ import annotations

import json
from dataclasses import replace

from ivr.catalogue import languages, load
from ivr.dialog.machine import step
from ivr.dialog.state import Photo, State
from ivr.dialog.types import (
    Action,
    Answered,
    Event,
    HangUp,
    Heard,
    Keyed,
    Listen,
    Meaning,
    PhotoRead,
    Say,
    Silence,
    Store,
)
from vision.reading import Reading

YES = Heard(Meaning.YES, 0.95, "네")
NO = Heard(Meaning.NO, 0.95, "아니요")
REPEAT = Heard(Meaning.REPEAT, 0.9, "다시")
UNCLEAR = Heard(Meaning.UNCLEAR, 0.4)
STOP = Heard(Meaning.STOP, 0.9, "그만")


class PlayedCall:
    """One call; every event goes through a stored and loaded state, as on the wire."""

    def __init__(self, *readings: Reading, language: str = "ko", **state: object) -> None:
        photos = tuple(Photo(id, reading) for id, reading in enumerate(readings, start=1))
        new = State(language=language, photos=photos, languages=languages())
        self.state = replace(new, **state)
        self.actions: tuple[Action, ...] = ()
        self.stored: list[Store] = []

    def answered(self) -> PlayedCall:
        return self.after(Answered())

    def after(self, *events: Event) -> PlayedCall:
        for event in events:
            loaded = State.from_dict(json.loads(json.dumps(self.state.as_dict())))
            assert loaded == self.state
            self.state, self.actions = step(loaded, event)
            self.stored += [action for action in self.actions if isinstance(action, Store)]
        return self

    def photo(self, id: int, reading: Reading) -> PlayedCall:
        return self.after(PhotoRead(id, reading.as_dict()))

    @property
    def prompts(self) -> list[str]:
        return [action.prompt for action in self.actions if isinstance(action, Say)]

    @property
    def says(self) -> list[Say]:
        return [action for action in self.actions if isinstance(action, Say)]

    @property
    def words(self) -> str:
        catalogue = load(self.state.language)
        return " ".join(catalogue.text(say) for say in self.says)

    @property
    def listens(self) -> Listen | None:
        return next((action for action in self.actions if isinstance(action, Listen)), None)

    @property
    def hangs_up(self) -> bool:
        return HangUp() in self.actions

    @property
    def labelled_now(self) -> bool:
        return any(isinstance(action, Store) for action in self.actions)

    @property
    def labels(self) -> list[tuple[str, str]]:
        return [(store.label, store.digits) for store in self.stored]


def heard(meaning: Meaning, number: int | None = None) -> Heard:
    """A word that was heard surely."""
    return Heard(meaning, 0.9, str(meaning), number)


def at_reading(*readings: Reading, **state: object) -> PlayedCall:
    """A call in which a person has just been read to."""
    return PlayedCall(*readings, **state).answered().after(YES)


def keyed(*keys: str) -> list[Keyed]:
    return [Keyed(key) for key in keys]


def silences(count: int) -> list[Silence]:
    return [Silence()] * count

# SPDX-License-Identifier: Apache-2.0
"""All that can be said in one language, each phrase with what it means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivr.catalogue.book import Catalogue
from ivr.dialog.types import Meaning


@dataclass(frozen=True, slots=True)
class Answer:
    """What a phrase means; `number` as in `Heard.number`."""

    meaning: Meaning
    number: int | None = None


Sayings = Mapping[str, Answer]


def sayings_of(catalogue: Catalogue) -> Sayings:
    """Every phrase of a language. One that stands for two things keeps what it was first."""
    sayings: dict[str, Answer] = {}
    for phrase, answer in _all(catalogue):
        sayings.setdefault(phrase, answer)
    return sayings


def _all(catalogue: Catalogue) -> Iterator[tuple[str, Answer]]:
    for meaning, phrases in catalogue.hearing.items():
        yield from ((phrase, Answer(meaning)) for phrase in phrases)
    for position, phrases in enumerate(catalogue.positions, start=1):
        yield from ((phrase, Answer(Meaning.POSITION, position)) for phrase in phrases)
    for digit, phrases in enumerate(catalogue.digits):
        yield from ((phrase, Answer(Meaning.DIGIT, digit)) for phrase in phrases)

# SPDX-License-Identifier: Apache-2.0
"""One language: what the service says, and the words it listens for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter

from ivr.catalogue import particles
from ivr.catalogue.grouping import Habit, grouped
from ivr.catalogue.wording import Words
from ivr.dialog.types import Meaning, Say

SENTENCE_PAUSE_MS = 250
DIGIT_PAUSE_MS = 120
GROUP_PAUSE_MS = 550
PLACE_PAUSE_MS = 450  # between "third, seven" and "fourth, one"
LINE_PAUSE_MS = 900
SENTENCE_END = re.compile(r"(?<=[.?!])\s+")


@dataclass(frozen=True, slots=True)
class Segment:
    """Words spoken in one breath, and the silence after them at normal pace."""

    text: str
    pause_ms: int


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One language's file, checked and ready to speak.

    `prefixes` are the country codes whose numbers speak it. `locale` and `voice` are Twilio's
    names, used when Twilio speaks. `habits` are how its numbers are grouped. `hearing` holds the
    phrases of each meaning without a number, `positions` those of each place from the first on,
    `digits` those of each digit from 0 to 9, `fillers` the syllables or words that catch other
    speech. `keys` are the spoken names of the keys, `keywords` the texted words that stop and start
    everything. `page` is what the camera page says.
    """

    language: str
    locale: str
    voice: str
    prefixes: tuple[str, ...]
    words: Words
    habits: tuple[Habit, ...]
    keys: Mapping[str, str]
    hearing: Mapping[Meaning, tuple[str, ...]]
    positions: tuple[tuple[str, ...], ...]
    digits: tuple[tuple[str, ...], ...]
    fillers: tuple[str, ...]
    keywords: Mapping[str, tuple[str, ...]]
    prompts: Mapping[str, str]
    page: Mapping[str, str]

    def render(self, say: Say) -> tuple[Segment, ...]:
        """`say` in words, ready to be spoken.

        Digit strings come one digit a segment, so that a voice needs ten clips for all numbers
        and no cache ever holds a number. Raises KeyError for an unknown prompt or slot.
        """
        segments: list[Segment] = []
        text = ""
        for literal, slot, spec, _ in Formatter().parse(self.prompts[say.prompt]):
            text += literal
            if slot is None:
                continue
            if spec in ("grouped", "singly", "backwards"):
                segments += _sentences(text)
                segments += self._digits(spec, str(say.slots[slot]))
                text = ""
            else:
                text += self.words.word(spec or "", say.slots[slot])
        return (*segments, *_sentences(text))

    def text(self, say: Say) -> str:
        """`say` as one line, for transcripts and text messages."""
        return " ".join(segment.text for segment in self.render(say))

    def _digits(self, spec: str, lines: str) -> Iterator[Segment]:
        for line in lines.split("|"):
            spoken = list(self._line(spec, line))
            yield from spoken[:-1]
            yield Segment(spoken[-1].text, LINE_PAUSE_MS)

    def _line(self, spec: str, line: str) -> Iterator[Segment]:
        if spec == "singly":
            return self._singly(line.replace(" ", ""))
        groups = grouped(line, self.habits)
        backwards = tuple(group[::-1] for group in reversed(groups))
        return self._groups(backwards if spec == "backwards" else groups)

    def _groups(self, groups: Iterable[str]) -> Iterator[Segment]:
        for group in groups:
            for digit in group[:-1]:
                yield Segment(self.words.digits[int(digit)], DIGIT_PAUSE_MS)
            yield Segment(self.words.digits[int(group[-1])], GROUP_PAUSE_MS)

    def _singly(self, line: str) -> Iterator[Segment]:
        for position, digit in enumerate(line, start=1):
            yield Segment(self.words.place(position, digit), PLACE_PAUSE_MS)


def _sentences(text: str) -> Iterator[Segment]:
    """The sentences of `text`, less punctuation left over beside a slot."""
    for sentence in SENTENCE_END.split(particles.settle(text).strip()):
        words = sentence.strip().lstrip(".,")
        if words:
            yield Segment(words, SENTENCE_PAUSE_MS)

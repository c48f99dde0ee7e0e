# SPDX-License-Identifier: Apache-2.0
"""How probable each digit of a line is, now that all readers have been heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import numpy as np

from vision.choose import Candidate
from vision.classify import NOT_A_DIGIT
from vision.decode import Choice, Probabilities
from vision.transcribe import Transcript
from vision.trust import Trust

Views = list[Probabilities | None]

MORE = 1.001  # by this factor the digit that is told is more probable than the next


@dataclass(frozen=True, slots=True)
class Agreed:
    """A line as the readers have it: its digits with calibrated probabilities."""

    line: Candidate
    choices: tuple[Choice, ...]

    @property
    def values(self) -> tuple[int, ...]:
        """The digits that the caller is told: `choices` say the same, each as its likeliest."""
        return self.line.told.values

    @property
    def transcript(self) -> Transcript | None:
        """What the second reader read; None when there was none."""
        return self.line.told.transcript

    @property
    def agree(self) -> bool | None:
        """Whether two readers say, of their own accord, what is told; None with one reader."""
        return self.line.told.agree

    @property
    def votes(self) -> int:
        """How many readers say just what is told."""
        return self.line.told.votes_for(self.values)


def agreed(line: Candidate, trust: Trust) -> Agreed:
    """`line` with all readers' views of each digit mixed."""
    told = line.told
    choices = told.decoded.choices
    if told.transcript is None:
        return Agreed(line, choices)
    first: Views = [choice.probabilities for choice in choices]
    if not told.spelled:
        own = tuple(choice.probabilities for choice in told.own.choices)
        first = _aligned(told.values, tuple(choice.value for choice in told.own.choices), own)
    opinions = [first, _aligned(told.values, told.transcript.values, told.transcript.probabilities)]
    if told.sighting:
        views = tuple(told.sighting.probabilities[i] for i in told.sighting.read)
        opinions.append(_aligned(told.values, told.sighting.values, views))
    mixed = [
        _led_by(value, trust.calibrated(_mix(views)))
        for value, views in zip(told.values, zip(*opinions, strict=True), strict=True)
    ]
    return Agreed(
        line,
        tuple(replace(choice, probabilities=p) for choice, p in zip(choices, mixed, strict=True)),
    )


def _aligned(
    values: tuple[int, ...], others: tuple[int, ...], views: tuple[Probabilities, ...]
) -> Views:
    """For each of `values` what stands there among `views`, which are of the `others`."""
    found: Views = [None] * len(values)
    matcher = SequenceMatcher(None, values, others, autojunk=False)
    for kind, start, stop, other, end in matcher.get_opcodes():
        if kind == "equal" or stop - start == end - other:
            found[start:stop] = views[other:end]
    return found


def _led_by(value: int, mixed: Probabilities) -> Probabilities:
    """`mixed` with `value`, which the line as a whole says, at least as probable as any digit.

    A reader who misses a digit elsewhere in the line counts for less in the line than in the mean.
    """
    best = int(mixed[:NOT_A_DIGIT].argmax())
    if best == value:
        return mixed
    led = mixed.copy()
    led[value] = led[best] * MORE
    return np.asarray(led / led.sum(), np.float32)


def _mix(views: Sequence[Probabilities | None]) -> Probabilities:
    """Mean of all opinions; who does not see a digit there says "none"."""
    none = np.zeros(NOT_A_DIGIT + 1, np.float32)
    none[NOT_A_DIGIT] = 1
    return np.asarray(np.mean([none if p is None else p for p in views], axis=0), np.float32)

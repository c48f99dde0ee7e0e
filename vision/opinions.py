# SPDX-License-Identifier: Apache-2.0
"""How probable each digit of a line is, now that both readers have been heard."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import numpy as np

from vision.choose import Candidate
from vision.classify import NOT_A_DIGIT
from vision.decode import Choice, Probabilities
from vision.transcribe import Transcript
from vision.trust import Trust

DISPUTED = 0.5  # a digit that only one reader sees is at most this probable


@dataclass(frozen=True, slots=True)
class Agreed:
    """A line as both readers have it: its digits with calibrated probabilities."""

    line: Candidate
    choices: tuple[Choice, ...]

    @property
    def values(self) -> tuple[int, ...]:
        """The digits that the caller is told."""
        return tuple(choice.value for choice in self.choices)

    @property
    def transcript(self) -> Transcript | None:
        """What the second reader read; None when there was none."""
        return self.line.told.transcript

    @property
    def agree(self) -> bool | None:
        """Whether both readers said the same of their own accord; None without a second."""
        return self.line.told.agree


def agreed(line: Candidate, trust: Trust) -> Agreed:
    """`line` with both readers' views of each digit mixed."""
    told = line.told
    choices = told.decoded.choices
    if told.transcript is None:
        return Agreed(line, choices)
    first: list[Probabilities | None] = [choice.probabilities for choice in choices]
    if not told.spelled:
        own = tuple(choice.probabilities for choice in told.own.choices)
        first = _aligned(told.values, tuple(choice.value for choice in told.own.choices), own)
    second: list[Probabilities | None] = list(told.transcript.probabilities)
    if told.decoded is told.own:
        second = _aligned(told.values, told.transcript.values, told.transcript.probabilities)
    mixed = [trust.calibrated(_mix(*views)) for views in zip(first, second, strict=True)]
    return Agreed(
        line,
        tuple(replace(choice, probabilities=p) for choice, p in zip(choices, mixed, strict=True)),
    )


def _aligned(
    values: tuple[int, ...], others: tuple[int, ...], views: tuple[Probabilities, ...]
) -> list[Probabilities | None]:
    """For each of `values` what stands there among `views`, which are of the `others`."""
    found: list[Probabilities | None] = [None] * len(values)
    matcher = SequenceMatcher(None, values, others, autojunk=False)
    for kind, start, stop, other, end in matcher.get_opcodes():
        if kind == "equal" or stop - start == end - other:
            found[start:stop] = views[other:end]
    return found


def _mix(own: Probabilities | None, other: Probabilities | None) -> Probabilities:
    """Mean of both opinions; without a second one the digit itself is in doubt."""
    if own is not None and other is not None:
        return np.asarray((own + other) / 2, np.float32)
    only = own if own is not None else other
    assert only is not None, "one of the two readers said this digit"
    doubted = only * min(1.0, DISPUTED / max(float(only[:NOT_A_DIGIT].max()), 1e-6))
    doubted[NOT_A_DIGIT] = 1 - doubted[:NOT_A_DIGIT].sum()
    return np.asarray(doubted, np.float32)

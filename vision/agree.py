# SPDX-License-Identifier: Apache-2.0
"""Two readers, one line: where they agree a reading may be sure, where they differ it is doubtful.

The lattice says where each digit stands, the second reader is a second opinion on what it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import numpy as np

from vision.choose import Candidate
from vision.classify import NOT_A_DIGIT, Model
from vision.decode import Choice, Decoded, Probabilities, spell
from vision.transcribe import Transcript, transcribe
from vision.trust import Trust

DISPUTED = 0.5  # a digit that only one reader sees is at most this probable


@dataclass(frozen=True, slots=True)
class Agreed:
    """A line as both readers have it.

    `transcript` is what the second reader read, and `agree` whether the first read the same of
    its own accord; both are None when there was no second reader.
    """

    line: Candidate
    choices: tuple[Choice, ...]
    transcript: Transcript | None
    agree: bool | None

    @property
    def values(self) -> tuple[int, ...]:
        """The digits that the caller is told."""
        return tuple(choice.value for choice in self.choices)


def second_opinion(line: Candidate, model: Model) -> Agreed:
    """`line` with the second reader's view of each digit mixed in."""
    transcript = transcribe(line.strip.ink, model)
    if transcript is None:
        return Agreed(line, line.decoded.choices, None, None)
    values = tuple(choice.value for choice in line.decoded.choices)
    if values == transcript.values:
        return Agreed(line, _mixed(line.decoded.choices, transcript, model.trust), transcript, True)
    decoded = _likelier(line, values, transcript)
    mixed = _mixed(decoded.choices, transcript, model.trust)
    return Agreed(replace(line, decoded=decoded), mixed, transcript, False)


def _likelier(line: Candidate, values: tuple[int, ...], transcript: Transcript) -> Decoded:
    """The lattice's own path, or the one that says what the second reader read.

    Both readers are asked what either of the two readings would cost them.
    """
    spelled = spell(line.lattice, line.probabilities, transcript.values)
    if spelled is None or not spelled.choices:
        return line.decoded
    own = line.decoded.cost + transcript.cost_of(values)
    other = spelled.cost + transcript.cost_of(transcript.values)
    return spelled if other < own else line.decoded


def _mixed(choices: tuple[Choice, ...], transcript: Transcript, trust: Trust) -> tuple[Choice, ...]:
    mixed = list(choices)
    values = [choice.value for choice in choices]
    matcher = SequenceMatcher(None, values, transcript.values, autojunk=False)
    for kind, start, stop, other, end in matcher.get_opcodes():
        for offset in range(stop - start):
            choice = choices[start + offset]
            seen = None
            if kind == "equal" or stop - start == end - other:
                seen = transcript.probabilities[other + offset]
            calibrated = trust.calibrated(_mix(choice, seen))
            mixed[start + offset] = replace(choice, probabilities=calibrated)
    return tuple(mixed)


def _mix(choice: Choice, seen: Probabilities | None) -> Probabilities:
    """Mean of both opinions; without a second one the digit itself is in doubt."""
    own = choice.probabilities
    if seen is not None:
        return np.asarray((own + seen) / 2, np.float32)
    doubted = own * min(1.0, DISPUTED / max(float(own[:NOT_A_DIGIT].max()), 1e-6))
    doubted[NOT_A_DIGIT] = 1 - doubted[:NOT_A_DIGIT].sum()
    return np.asarray(doubted, np.float32)

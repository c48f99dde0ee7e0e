# SPDX-License-Identifier: Apache-2.0
"""Two readers, one line: where they agree a reading may be sure, where they differ it is doubtful.

The lattice says where each digit stands. The second reader does not cut, so it reads digits that
run into each other, which the lattice cannot spell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from vision.decode import DIGIT_COST, FLOOR, Choice, Decoded, Probabilities, decode, spell
from vision.reading import Box
from vision.segment import Lattice
from vision.strip import Strip
from vision.transcribe import COLUMN_PX, INK_HEIGHT, SIDE_PX, Transcript, visible_part

UNSPELLED = 4.0  # what a reading costs that the lattice cannot spell
JOINED = 0.5  # what the lattice's costs weigh against as many digits, or more
UNCUT_COST = 0.25  # of each digit that no cut parts: it might be another way up


@dataclass(frozen=True, slots=True)
class Told:
    """What a line says.

    `own` is the lattice's best path, `decoded` the path believed: that one, or another that says
    what the second reader read. `transcript` is the second reader's, `agree` whether both read
    the same of their own accord; both are None when there was no second reader. `spelled` is
    False when the lattice has no such path: then the digits' places are the second reader's.
    """

    decoded: Decoded
    own: Decoded
    transcript: Transcript | None = None
    agree: bool | None = None
    spelled: bool = True

    @property
    def values(self) -> tuple[int, ...]:
        return tuple(choice.value for choice in self.decoded.choices)

    @property
    def denied(self) -> bool:
        """Whether the second reader sees no digit at all: words and edges read well in parts."""
        return self.transcript is not None and not self.transcript.values


def tell(
    strip: Strip, lattice: Lattice, probabilities: Probabilities, transcript: Transcript | None
) -> Told:
    """What the line of `strip` says when both readers are heard."""
    own = decode(lattice, probabilities)
    if transcript is None:
        return Told(own, own)
    values = tuple(choice.value for choice in own.choices)
    if values == transcript.values:
        return Told(_backed(own, transcript), own, transcript, True)
    spelled = spell(lattice, probabilities, transcript.values)
    rivals = [spelled] if spelled is not None else []
    rivals += [uncut(strip, transcript)] if transcript.values else []
    other = min(rivals, key=lambda rival: rival.cost)
    # Joining what touches is how the lattice errs, leaving strokes out how the second reader does.
    weight = JOINED if len(transcript.values) >= len(values) else 1.0
    cost = weight * other.cost + transcript.cost_of(transcript.values)
    believed = cost < weight * own.cost + transcript.cost_of(values) and other.choices
    if believed:
        backed = _backed(other, transcript)
        return Told(backed, own, transcript, agree=False, spelled=other is spelled)
    return Told(own, own, transcript, agree=False)


def _backed(decoded: Decoded, transcript: Transcript) -> Decoded:
    """`decoded`, each digit as good as the second reader, who reads the same, finds it."""
    choices = tuple(
        replace(choice, cost=min(choice.cost, _uncut_cost(float(p[value]))))
        for choice, p, value in zip(
            decoded.choices, transcript.probabilities, transcript.values, strict=True
        )
    )
    return replace(decoded, choices=choices)


def uncut(strip: Strip, transcript: Transcript) -> Decoded:
    """The second reader's digits where it saw them: each has the ink between its neighbours'."""
    part = visible_part(strip.ink)
    scale = part.h / INK_HEIGHT
    middles = [part.x + ((p + 0.5) * COLUMN_PX - SIDE_PX) * scale for p in transcript.places]
    edges = [(left + right) / 2 for left, right in pairwise(middles)]
    starts, stops = [float(part.x), *edges], [*edges, float(part.x + part.w)]
    choices = [
        Choice(_ink_between(strip, start, stop), p, _uncut_cost(float(p[v])))
        for start, stop, p, v in zip(
            starts, stops, transcript.probabilities, transcript.values, strict=True
        )
    ]
    return Decoded(tuple(choices), (), UNSPELLED + sum(choice.cost for choice in choices))


def _uncut_cost(p: float) -> float:
    return DIGIT_COST + UNCUT_COST - float(np.log(max(p, FLOOR)))


def _ink_between(strip: Strip, start: float, stop: float) -> Box:
    """The box around the ink in the columns from `start` to `stop`, or those columns."""
    height, width = strip.ink.shape
    left = min(max(round(start), 0), width - 1)
    right = min(max(round(stop), left + 1), width)
    part = visible_part(strip.ink[:, left:right])
    if not part.w:
        return Box(left, 0, right - left, height)
    return Box(left + part.x, part.y, part.w, part.h)

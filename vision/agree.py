# SPDX-License-Identifier: Apache-2.0
"""Three readers, one line: where two agree a reading may be sure, else it is doubtful.

The lattice says where each digit stands. The second reader does not cut, so it reads digits that
run into each other, which the lattice cannot spell. The third looks at each digit on its page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from vision.decode import DIGIT_COST, FLOOR, Choice, Decoded, Probabilities, decode, spell
from vision.reading import Box
from vision.segment import Lattice
from vision.single import Sighting
from vision.strip import Strip
from vision.transcribe import COLUMN_PX, INK_HEIGHT, SIDE_PX, Transcript, visible_part

UNSPELLED = 4.0  # what a reading costs that the lattice cannot spell
JOINED = 0.5  # what the lattice's costs weigh against as many digits, or more
UNCUT_COST = 0.25  # of each digit that no cut parts: it might be another way up


@dataclass(frozen=True, slots=True)
class Told:
    """What a line says: `values`.

    `own` is the lattice's best path, `decoded` the path believed: that one, or another that says
    what another reader read. `transcript` is the second reader's, `sighting` the third one's;
    each is None where there is no such reader. `spelled` is False when the lattice has no such
    path: then the digits' places are those of the reader who read them.
    """

    values: tuple[int, ...]
    decoded: Decoded
    own: Decoded
    transcript: Transcript | None = None
    sighting: Sighting | None = None
    spelled: bool = True

    @property
    def agree(self) -> bool | None:
        """Whether two readers or more say the same; None when there is only the first."""
        return None if self.transcript is None else self.votes_for(self.values) > 1

    @property
    def readers(self) -> int:
        """How many readers there are."""
        return 1 + (self.transcript is not None) + (self.sighting is not None)

    def votes_for(self, values: tuple[int, ...]) -> int:
        """How many readers read just `values` of their own accord."""
        others = [one.values for one in (self.transcript, self.sighting) if one is not None]
        return [_values(self.own), *others].count(values)

    @property
    def undetected(self) -> bool:
        """Whether no digit was detected where the others read some: edges and commas may be."""
        return self.sighting is not None and not self.sighting.values

    @property
    def denied(self) -> bool:
        """Whether no reader but the first sees a digit: words and edges read well in parts."""
        seen = self.sighting is not None and self.sighting.values
        return self.transcript is not None and not self.transcript.values and not seen


def tell(
    strip: Strip,
    lattice: Lattice,
    probabilities: Probabilities,
    transcript: Transcript | None,
    sighting: Sighting | None = None,
) -> Told:
    """What the line of `strip` says when all readers are heard."""
    own = decode(lattice, probabilities)
    if transcript is None:
        return Told(_values(own), own, own)
    said = [transcript.values, *([sighting.values] if sighting else [])]
    # Joining what touches is how the lattice errs, leaving strokes out how the second reader does.
    weight = JOINED if max(map(len, said)) >= len(own.choices) else 1.0
    ways = {_values(own): (own, True)}
    for values in said:
        if values and values not in ways:
            ways[values] = _cheapest(values, strip, lattice, probabilities, transcript, sighting)

    def price(values: tuple[int, ...]) -> float:
        seen = sighting.cost_of(values) if sighting else 0.0
        return weight * ways[values][0].cost + transcript.cost_of(values) + seen

    best = min(ways, key=price)
    decoded, spelled = ways[best]
    backed = _backed(best, decoded, transcript, sighting)
    return Told(best, backed, own, transcript, sighting, spelled)


def _values(decoded: Decoded) -> tuple[int, ...]:
    return tuple(choice.value for choice in decoded.choices)


def _cheapest(
    values: tuple[int, ...],
    strip: Strip,
    lattice: Lattice,
    probabilities: Probabilities,
    transcript: Transcript,
    sighting: Sighting | None,
) -> tuple[Decoded, bool]:
    """The cheapest way to say what another reader reads, and whether it is the lattice's."""
    ways = [(spelled, True) for spelled in [spell(lattice, probabilities, values)] if spelled]
    if values == transcript.values:
        ways.append((uncut(strip, transcript), False))
    if sighting and values == sighting.values:
        ways.append((unaided(sighting), False))
    return min(ways, key=lambda way: way[0].cost)


def _backed(
    values: tuple[int, ...],
    decoded: Decoded,
    transcript: Transcript,
    sighting: Sighting | None,
) -> Decoded:
    """`decoded`, which says `values`, each digit as good as any reader who reads them finds it."""
    choices = decoded.choices
    if values == transcript.values:
        choices = _as_good(choices, values, transcript.probabilities)
    if sighting and values == sighting.values:
        choices = _as_good(choices, values, [sighting.probabilities[i] for i in sighting.read])
    return replace(decoded, choices=choices)


def _as_good(
    choices: Sequence[Choice], values: tuple[int, ...], opinions: Sequence[Probabilities]
) -> tuple[Choice, ...]:
    return tuple(
        replace(choice, cost=min(choice.cost, _uncut_cost(float(p[value]))))
        for choice, value, p in zip(choices, values, opinions, strict=True)
    )


def unaided(sighting: Sighting) -> Decoded:
    """The third reader's digits where they were detected."""
    choices = [
        Choice(sighting.boxes[i], p, _uncut_cost(float(p[value])))
        for i, value in zip(sighting.read, sighting.values, strict=True)
        for p in (sighting.probabilities[i],)
    ]
    return Decoded(tuple(choices), (), UNSPELLED + sum(choice.cost for choice in choices))


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

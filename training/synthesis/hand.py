# SPDX-License-Identifier: Apache-2.0
"""One person's way of writing: which variants they use, and how steadily."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.synthesis.strokes import (
    VARIANTS,
    Points,
    Stroke,
    shares,
    skeleton,
    smooth,
    width_of,
)

Random = np.random.Generator


@dataclass(frozen=True, slots=True)
class Hand:
    """`variants`: the favourite of each character; `faithful`: how often it is used.

    `slant` is dx per height, `aspect` scales widths, `jitter` moves each control point (in
    heights), `overshoot` lengthens or shortens stroke ends. `uneven`: height, width and drop
    below the line of each digit, as factors and heights: a long-tailed 7, a small 0.
    """

    variants: dict[str, int]
    faithful: float
    slant: float
    aspect: float
    jitter: float
    overshoot: float
    roundness: float
    uneven: dict[str, tuple[float, float, float]]


def draw_hand(random: Random) -> Hand:
    """A new person."""
    return Hand(
        variants={c: _draw_variant(c, random) for c in VARIANTS},
        faithful=float(random.uniform(0.6, 1.0)),
        slant=float(np.clip(random.normal(0.1, 0.16), -0.25, 0.55)),
        aspect=float(np.exp(random.normal(0.0, 0.2))),
        jitter=float(random.uniform(0.01, 0.045)),
        overshoot=float(random.uniform(0.0, 0.08)),
        roundness=float(random.uniform(0.0, 0.5)),
        uneven=_unevenness(random),
    )


def _draw_variant(character: str, random: Random) -> int:
    return int(np.searchsorted(np.cumsum(shares(character)), random.random() * (1 - 1e-9)))


def _unevenness(random: Random) -> dict[str, tuple[float, float, float]]:
    spread = float(random.choice([0.02, 0.08, 0.18, 0.3]))
    found = {}
    for digit in "0123456789":
        high, ratio = np.exp(np.clip(random.normal(0, [spread, spread / 3]), -0.6, 0.5))
        # Tails go down; only 6 and sometimes 1 and 4 rise.
        drop = abs(random.normal(0, spread)) if digit in "79" else random.normal(0, spread / 2)
        found[digit] = (float(high), float(high * ratio), float(drop))
    return found


def write(character: str, hand: Hand, random: Random) -> list[Points]:
    """The pen's path: polylines in heights, y down, the character standing in 0 to 1."""
    stays = random.random() < hand.faithful
    variant = hand.variants[character] if stays else _draw_variant(character, random)
    strokes = skeleton(character, variant)
    return trail(character, strokes, width_of(character, variant), hand, random)


def trail(
    character: str, strokes: tuple[Stroke, ...], wide_as: float, hand: Hand, random: Random
) -> list[Points]:
    """The pen's path along `strokes`, whose unit box is `wide_as` heights wide."""
    high, wide, drop = hand.uneven.get(character, (1.0, 1.0, 0.0))
    width = wide_as * hand.aspect * wide * np.exp(random.normal(0, 0.06))
    shear = hand.slant + float(random.normal(0, 0.03))
    turn = float(random.normal(0, 0.04))
    paths = []
    for stroke in strokes:
        path = _path(stroke, hand, random)
        drift = random.normal(0, 0.6 * hand.jitter, 2)
        path = (path + drift) * [width, high] + [0.0, 1.0 - high + drop]
        paths.append(_lean(path, shear, turn))
    return paths


def _path(stroke: Stroke, hand: Hand, random: Random) -> Points:
    pieces = []
    last: Points | None = None
    for kind, points in stroke:
        moved = points + random.normal(0, hand.jitter, points.shape)
        if last is not None:
            moved[0] = last
        last = moved[-1]
        rounded = kind == "l" and len(moved) > 2 and random.random() < hand.roundness
        pieces.append(_round_corners(moved) if rounded else smooth(moved) if kind == "c" else moved)
    path = np.vstack(pieces)
    return _extend(path, hand.overshoot, random)


def _round_corners(points: Points) -> Points:
    """Cuts each inner corner and draws a curve through what is left."""
    before = points[1:-1] + 0.25 * (points[:-2] - points[1:-1])
    after = points[1:-1] + 0.25 * (points[2:] - points[1:-1])
    inner = np.stack([before, after], axis=1).reshape(-1, 2)
    return smooth(np.vstack([points[:1], inner, points[-1:]]))


def _extend(path: Points, overshoot: float, random: Random) -> Points:
    longer = path.copy()
    for end, inner in ((0, 1), (-1, -2)):
        direction = path[end] - path[inner]
        length = float(np.hypot(*direction)) or 1.0
        longer[end] = path[end] + direction / length * random.normal(0, overshoot)
    return longer


def _lean(path: Points, shear: float, turn: float) -> Points:
    x = path[:, 0] + shear * (1 - path[:, 1]) + turn * (path[:, 1] - 0.5)
    y = path[:, 1] + turn * path[:, 0]
    return np.stack([x, y], axis=1)

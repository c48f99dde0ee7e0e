# SPDX-License-Identifier: Apache-2.0
"""What a photo says: the values every other package passes around.

All of them are frozen, so a reading can be handed between threads, stored and compared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product
from math import prod
from typing import Any, NamedTuple


class Problem(StrEnum):
    """What is wrong with a photo, in terms a caller can act on (a closed set).

    The order is the order of harm: the first problem of a reading is the one to speak of.
    """

    NOT_AN_IMAGE = "not_an_image"
    TOO_LARGE = "too_large"
    CUT_OFF_LEFT = "cut_off_left"
    CUT_OFF_RIGHT = "cut_off_right"
    CUT_OFF_TOP = "cut_off_top"
    CUT_OFF_BOTTOM = "cut_off_bottom"
    BLURRED = "blurred"
    TOO_DARK = "too_dark"
    GLARE = "glare"
    TOO_SMALL = "too_small"
    NO_DIGITS = "no_digits"


class Box(NamedTuple):
    """A rectangle in pixels of the upright photo (EXIF and `Reading.rotation` applied)."""

    x: int
    y: int
    w: int
    h: int


class Alternative(NamedTuple):
    """Another value a digit may have, with its calibrated probability."""

    value: int
    p: float


@dataclass(frozen=True, slots=True)
class Digit:
    """One digit: its most probable value, how probable, what else it may be, and where.

    `alternatives` are ordered, most probable first, and never hold `value` itself.
    """

    value: int
    p: float
    alternatives: tuple[Alternative, ...]
    box: Box

    def as_dict(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "p": round(self.p, 4),
            "alternatives": [[a.value, round(a.p, 4)] for a in self.alternatives],
            "box": list(self.box),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Digit:
        alternatives = tuple(Alternative(int(v), float(p)) for v, p in data["alternatives"])
        return cls(int(data["value"]), float(data["p"]), alternatives, Box(*data["box"]))


@dataclass(frozen=True, slots=True)
class Line:
    """Digits that stand on one written line, left to right.

    `crossed_out` is whether a straight stroke goes through them, as through what does not count.
    """

    digits: tuple[Digit, ...]
    crossed_out: bool = False

    @property
    def text(self) -> str:
        return "".join(str(digit.value) for digit in self.digits)

    def as_dict(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "digits": [digit.as_dict() for digit in self.digits],
            "crossed_out": self.crossed_out,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Line:
        digits = tuple(Digit.from_dict(digit) for digit in data["digits"])
        return cls(digits, bool(data.get("crossed_out")))  # not in what older releases stored


@dataclass(frozen=True, slots=True)
class Reading:
    """What one photo says and how far to trust it.

    `sure` is what the voice acts on: only then are the digits spoken plainly. `confidence` is
    the probability (0 to 1) that every digit is right and none is missing. `rotation` is how
    many degrees, counter-clockwise, the photo was turned to stand upright (0, 90, 180, 270).
    `ms` is wall time from bytes to this value. A reading without lines names a problem.
    `more_seen` is whether it leaves out what looks like further digits.
    """

    lines: tuple[Line, ...]
    sure: bool
    confidence: float
    problems: tuple[Problem, ...]
    rotation: int
    model: str
    ms: float = field(compare=False)
    more_seen: bool = False

    @property
    def digits(self) -> tuple[Digit, ...]:
        """All digits in reading order."""
        return tuple(digit for line in self.lines for digit in line.digits)

    @property
    def text(self) -> str:
        """The digits, lines joined with `|`."""
        return "|".join(line.text for line in self.lines)

    def next_best(self, denied: frozenset[str]) -> str | None:
        """The most probable text (lines joined with `|`) not in `denied`, or None.

        Weighs up to the four most doubtful digits against two alternatives each: more than a
        caller will sit through.
        """
        ranked = sorted(self._rivals(), key=lambda rival: -rival[1])
        return next((text for text, _ in ranked if text not in denied), None)

    def _rivals(self) -> list[tuple[str, float]]:
        digits = self.digits
        doubtful = sorted(range(len(digits)), key=lambda i: digits[i].p)[:4]
        choices = [
            (Alternative(d.value, d.p), *d.alternatives[:2])
            if i in doubtful
            else (Alternative(d.value, d.p),)
            for i, d in enumerate(digits)
        ]
        return [
            (self._with(tuple(c.value for c in combo)), prod(max(c.p, 1e-9) for c in combo))
            for combo in product(*choices)
        ]

    def _with(self, values: tuple[int, ...]) -> str:
        rest = iter(values)
        return "|".join("".join(str(next(rest)) for _ in line.digits) for line in self.lines)

    def as_dict(self) -> dict[str, Any]:
        """The JSON of `sonsori read --json`, less the file name."""
        return {
            "text": self.text,
            "sure": self.sure,
            "confidence": round(self.confidence, 4),
            "lines": [line.as_dict() for line in self.lines],
            "problems": [str(problem) for problem in self.problems],
            "rotation": self.rotation,
            "model": self.model,
            "ms": round(self.ms, 1),
            "more_seen": self.more_seen,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Reading:
        """The reading that `as_dict` wrote down."""
        return cls(
            lines=tuple(Line.from_dict(line) for line in data["lines"]),
            sure=bool(data["sure"]),
            confidence=float(data["confidence"]),
            problems=tuple(Problem(problem) for problem in data["problems"]),
            rotation=int(data["rotation"]),
            model=str(data["model"]),
            ms=float(data["ms"]),
            more_seen=bool(data.get("more_seen")),  # not in what older releases stored
        )

# SPDX-License-Identifier: Apache-2.0
"""Where callers get stuck: the turns of many calls, counted by screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from statistics import median, quantiles
from typing import Any

from ivr.dialog.types import Meaning
from worker.turnlog import LoggedTurn

_ANSWERS = ("heard", "keyed", "silence")
_NINE_TENTHS = 8  # of ten quantiles
TIMES = ("thought", "decision", "voice")
"""Of `ivr.took.Took`: how long callers think, and how long they wait for us, twice."""


@dataclass(slots=True)
class Screen:
    """What happened on one screen. `left` counts callers who hung up there, `ms` all times.

    `early` counts answers that began before the question had ended.
    """

    turns: int = 0
    silent: int = 0
    unclear: int = 0
    keyed: int = 0
    early: int = 0
    left: int = 0
    confidences: list[float] = field(default_factory=list)
    ms: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in TIMES})

    def as_dict(self) -> dict[str, Any]:
        """Counts, shares of the turns, medians and 90th percentiles (None where nothing was)."""
        return {
            "turns": self.turns,
            "silent": _share(self.silent, self.turns),
            "unclear": _share(self.unclear, self.turns),
            "keyed": _share(self.keyed, self.turns),
            "early": _share(self.early, self.turns),
            "left": self.left,
            "confidence": round(median(self.confidences), 2) if self.confidences else None,
            "ms": {name: _spread(values) for name, values in self.ms.items()},
        }

    def count(self, turn: LoggedTurn) -> None:
        """One answer, or none, to what was asked here."""
        self.turns += 1
        self.silent += turn.kind == "silence"
        self.keyed += turn.kind == "keyed"
        if turn.kind == "heard":
            unclear = turn.data["meaning"] == Meaning.UNCLEAR
            self.unclear += unclear
            self.confidences += [] if unclear else [turn.data["confidence"]]
        self._time(turn.data.get("ms", {}))

    def _time(self, ms: Mapping[str, int]) -> None:
        self.early += ms.get("thought", 0) < 0
        for name in TIMES:
            self.ms[name] += [ms[name]] if name in ms else []


@dataclass(frozen=True, slots=True)
class Calls:
    """How many calls, and by screen what happened in them; screens in order of their turns."""

    calls: int
    screens: Mapping[str, Screen]

    def as_dict(self) -> dict[str, Any]:
        return {
            "calls": self.calls,
            "screens": {name: screen.as_dict() for name, screen in self.screens.items()},
        }


def by_screen(turns: Iterable[LoggedTurn]) -> Calls:
    """Count `turns`, which come call by call."""
    screens: dict[str, Screen] = {}
    calls = 0
    for _, happened in groupby(turns, key=lambda turn: turn.call_id):
        calls += 1
        _count_call(list(happened), screens)
    busiest = sorted(screens.items(), key=lambda item: -item[1].turns)
    return Calls(calls, dict(busiest))


def _count_call(turns: list[LoggedTurn], screens: dict[str, Screen]) -> None:
    for turn in turns:
        if turn.kind in _ANSWERS:
            screens.setdefault(turn.data["screen"], Screen()).count(turn)
    kinds = [turn.kind for turn in turns]
    if "hung_up" in kinds and "hang_up" not in kinds[: kinds.index("hung_up")]:
        screen = turns[kinds.index("hung_up")].data["screen"]
        screens.setdefault(screen, Screen()).left += 1


def _share(count: int, turns: int) -> float:
    return round(count / turns, 3) if turns else 0.0


def _spread(values: list[int]) -> dict[str, int] | None:
    if not values:
        return None
    high = quantiles(values, n=10)[_NINE_TENTHS] if len(values) > 1 else values[0]
    return {"median": round(median(values)), "p90": round(high)}

# SPDX-License-Identifier: Apache-2.0
"""Figures as the operators' pages write them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise

from worker.proportions import Share

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400


def share(value: Share) -> str:
    """`81 % (81 of 100)`; a dash for nothing of nothing."""
    if value.value is None:
        return "–"
    return f"{value.value:.1%} ({value.part} of {value.whole})".replace("%", " %")


def interval(value: Share) -> str:
    """`72 to 88 %`."""
    low, high = value.interval
    return f"{low * 100:.0f} to {high * 100:.0f} %" if value.whole else "–"


def duration(seconds: float | None) -> str:
    """To two units at most: `3 min`, `2 h 5 min`, `4 d 3 h`; a dash for none."""
    if seconds is None:
        return "–"
    whole = round(max(seconds, 0))
    if whole < MINUTE_S:
        return f"{whole} s"
    if whole < HOUR_S:
        return f"{whole // MINUTE_S} min"
    if whole < DAY_S:
        return f"{whole // HOUR_S} h {whole % HOUR_S // MINUTE_S} min"
    return f"{whole // DAY_S} d {whole % DAY_S // HOUR_S} h"


def plain(name: str) -> str:
    """A name of the program's as words: `nothing_new` is `nothing new`."""
    return name.replace("_", " ")


def moment(at: datetime | None) -> str:
    """A UTC time to the minute."""
    return "–" if at is None else f"{at:%Y-%m-%d %H:%M}"


def bins(edges: Sequence[float]) -> list[str]:
    """What lies between the edges, from 0 to 1."""
    ends = [0.0, *edges, 1.0]
    return [f"{low:g} to {high:g}" for low, high in pairwise(ends)]


def by_model(counts: Iterable[tuple[str, bool, int]]) -> list[tuple[str, Share]]:
    """Each model's readings, and how many of them were sure."""
    sure: dict[str, list[int]] = {}
    for model, is_sure, count in counts:
        pair = sure.setdefault(model or "none (too large)", [0, 0])
        pair[0] += count if is_sure else 0
        pair[1] += count
    return [(model, Share(*pair)) for model, pair in sorted(sure.items())]

# SPDX-License-Identifier: Apache-2.0
"""`docs/benchmarks.md`: the figures of one run in words and tables, each with its command."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from training.bench.cost import Cost, Timed
from training.bench.curves import calibration_error, digit_claims, string_claims
from training.bench.page_text import COST, FOLDER, HEAD, MODEL, PICTURES, START, WITHOUT_PEERS
from training.bench.race import Entry
from training.bench.start import Start


@dataclass(frozen=True, slots=True)
class Measured:
    """One folder's race, Sonsori first, under a title, by some commands; `pictures` when the
    page may show its plots. `name` is where its report goes."""

    name: str
    title: str
    commands: tuple[str, ...]
    entries: tuple[Entry, ...]
    pictures: bool = False


def as_markdown(
    folders: Sequence[Measured],
    cost: Cost | None,
    starts: Sequence[Start],
    card: Mapping[str, Any],
) -> str:
    """The whole page; what was not measured has no part in it."""
    machine = f"{platform.system()} {platform.machine()} with {os.cpu_count()} processors"
    parts = [HEAD.format(machine=machine), *map(_folder, folders)]
    if cost is not None:
        parts.append(_cost(cost))
    if starts:
        parts.append(_starts(starts))
    return "".join([*parts, _model(card)])


def _folder(measured: Measured) -> str:
    product = measured.entries[0].outcomes
    return FOLDER.format(
        title=measured.title,
        commands="\n".join(f"`{command}`  " for command in measured.commands),
        groups="".join(_groups(measured.entries)),
        costs="".join(_costs(measured.entries)),
        digit_error=_error(digit_claims(product)),
        string_error=_error(string_claims(product)),
        pictures=PICTURES if measured.pictures else "",
        peers="" if len(measured.entries) > 1 else WITHOUT_PEERS,
    )


def _groups(entries: Sequence[Entry]) -> list[str]:
    """A row for each group and reader, all photos last."""
    names = list(entries[0].scores["groups"])
    return [
        _group_row(name, entry.contestant.title, entry.scores["groups"][name])
        for name in names
        for entry in entries
    ] + [_group_row("all", entry.contestant.title, entry.scores) for entry in entries]


def _group_row(name: str, title: str, counts: Mapping[str, Any]) -> str:
    cer = "" if counts["cer"] is None else f"{counts['cer']:.3f}"
    coverage = f"{counts['sure'] / max(counts['photos'], 1):.0%}"
    exact = f"{counts['exact']}/{counts['photos']}"
    return f"| {name} | {title} | {exact} | {cer} | {coverage} | {counts['silent_errors']} |\n"


def _costs(entries: Sequence[Entry]) -> list[str]:
    first = entries[0].scores["ms"]["p50"]
    return [_cost_row(entry.contestant.full_title, entry.scores, first) for entry in entries]


def _cost_row(title: str, scores: Mapping[str, Any], first_ms: float) -> str:
    ms, peak = scores["ms"], round(scores["peak_rss_mb"])
    times = f"{ms['p50'] / max(first_ms, 0.1):.1f}"
    return f"| {title} | {ms['p50']} | {ms['p95']} | {times} | {peak} |\n"


def _error(claims: Sequence[tuple[float, bool]]) -> str:
    error = calibration_error(claims)
    return "none" if error is None else f"{error:.3f}"


def _cost(cost: Cost) -> str:
    told = cost.as_dict()
    return COST.format(
        pixels="".join(f"| {one.megapixels:g} | {one.ms:.0f} |\n" for one in cost.by_pixels),
        digits="".join(_digits_row(one) for one in cost.by_digits),
        **{f"pixels_{name}": value for name, value in told["pixels"].items() if name != "ms"},
        **{f"digits_{name}": value for name, value in told["digits"].items() if name != "ms"},
    )


def _digits_row(timed: Timed) -> str:
    return f"| {timed.digits} | {timed.read} | {timed.ms:.0f} |\n"


def _starts(starts: Sequence[Start]) -> str:
    rows = (
        f"| {one.photo} | {one.megapixels:g} | {one.wall_s:.2f} | {one.peak_rss_mb:.0f} |\n"
        for one in starts
    )
    return START.format(rows="".join(rows))


def _model(card: Mapping[str, Any]) -> str:
    metrics = card["metrics"].items()
    rows = "".join(f"| {name} | {value} |\n" for name, value in metrics if _is_number(value))
    return MODEL.format(version=card["version"], rows=rows)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)

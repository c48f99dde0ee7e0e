# SPDX-License-Identifier: Apache-2.0
"""Delay against calls as a picture. Needs matplotlib (extra `bench`)."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from pathlib import Path

from matplotlib.figure import Figure

from ivr.load.measure import Level
from training.bench.plots import COLOURS, DPI, GRAY

_WANTED_CALLS = 25


def draw_load(levels: Sequence[Level], out: Path) -> None:
    """Median and 95th percentile; a line where a core should still keep up."""
    figure = Figure(figsize=(7, 4.4), layout="constrained")
    axes = figure.add_subplot(
        title="One core: from the end of a word to the answer", xlabel="calls at once",
        ylabel="milliseconds",
    )  # fmt: skip
    calls = [level.calls for level in levels]
    medians, slowest = zip(*(_delays(level) for level in levels), strict=True)
    axes.plot(calls, medians, "-o", color=COLOURS[0], label="median")
    axes.plot(calls, slowest, "--s", color=COLOURS[1], label="95th percentile")
    axes.axvline(_WANTED_CALLS, color=GRAY, linestyle=":", label=f"{_WANTED_CALLS} calls")
    axes.set(ylim=(0, None), xlim=(0, None))
    axes.grid(alpha=0.25)
    axes.legend(frameon=False)
    figure.savefig(out, dpi=DPI)


def _delays(level: Level) -> tuple[float, float]:
    """A gap in the lines where nothing was answered."""
    if level.delay_ms is None or level.delay_p95_ms is None:
        return nan, nan
    return level.delay_ms, level.delay_p95_ms

# SPDX-License-Identifier: Apache-2.0
"""Learning as pictures. Needs matplotlib (extra `bench`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from ivr.learning.compare import Compared
from ivr.learning.page import NAMES
from training.bench.plots import COLOURS, DPI, STYLES

Curve = Sequence[tuple[int, float]]
"""(epoch, value), in order."""


def draw_before_after(compared: Sequence[Compared], out: Path) -> None:
    """Photos read exact, before and after, set by set."""
    figure = Figure(figsize=(7, 4.4), layout="constrained")
    axes = figure.add_subplot(title="Read exact, before and after", ylabel="photos")
    for index, when in enumerate(("before", "after")):
        places = [place + 0.38 * (index - 0.5) for place in range(len(compared))]
        shares = [one.exact[index] / max(one.photos, 1) for one in compared]
        bars = axes.bar(places, shares, 0.36, color=COLOURS[index], label=when)
        axes.bar_label(bars, [f"{share:.1%}" for share in shares], padding=2, size=9)
    axes.set_xticks(range(len(compared)), [_name(one) for one in compared])
    axes.set(ylim=(0, 1.12))
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.legend(frameon=False, loc="upper right", ncols=2)
    figure.savefig(out, dpi=DPI)


def draw_curves(curves: Mapping[str, Mapping[str, Curve]], out: Path) -> None:
    """`curves`: by metric, by candidate; a panel a metric."""
    figure = Figure(figsize=(4.5 * max(len(curves), 1), 4), layout="constrained")
    for place, (metric, candidates) in enumerate(curves.items(), start=1):
        axes = figure.add_subplot(1, len(curves), place, title=metric, xlabel="epoch")
        for index, (name, curve) in enumerate(candidates.items()):
            epochs, values = [at for at, _ in curve], [value for _, value in curve]
            axes.plot(
                epochs, values, STYLES[index % len(STYLES)], marker="o",
                color=COLOURS[index % len(COLOURS)], label=name,
            )  # fmt: skip
        axes.grid(alpha=0.25)
        axes.legend(frameon=False)
    figure.savefig(out, dpi=DPI)


def _name(one: Compared) -> str:
    return f"{NAMES[one.name].replace(', ', chr(10))}\n({one.photos})"

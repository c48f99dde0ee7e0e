# SPDX-License-Identifier: Apache-2.0
"""The benchmark's pictures, one function a picture. Needs matplotlib (extra `bench`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter, PercentFormatter

from training.bench.cost import Cost, exponent, steepest, straight
from training.bench.curves import (
    NONE,
    calibration_error,
    chosen_point,
    confusion,
    digit_claims,
    reliability,
    risk_coverage,
    string_claims,
)
from training.bench.race import Entry
from training.scoring import Outcome

# Okabe and Ito's colours, which most eyes tell apart; line styles tell the rest.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00")
STYLES = ("-", "--", "-.", ":", "-")
GRAY = "#888888"
DPI = 100


def draw_risk_coverage(entries: Sequence[Entry], out: Path) -> None:
    """Wrong answers against answered photos; a dot where a reader's own `sure` puts it."""
    figure, axes = _panel("Answering only the most confident", "photos answered", "answers wrong")
    for entry, colour, style in zip(entries, COLOURS, STYLES, strict=False):
        points, chosen = risk_coverage(entry.outcomes), chosen_point(entry.outcomes)
        xs, ys = [p.coverage for p in points], [p.risk for p in points]
        axes.step(xs, ys, style, where="post", color=colour, label=entry.contestant.title)
        axes.plot(chosen.coverage, chosen.risk, "o", color=colour, markersize=8, clip_on=False)
    axes.set(xlim=(0, 1), ylim=(0, None))
    axes.xaxis.set_major_formatter(PercentFormatter(1))
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.legend(title="dot: what it is sure of", frameon=False, loc="upper left")
    _save(figure, out)


def draw_confusion(outcomes: Sequence[Outcome], out: Path) -> None:
    """How often each digit was read as which."""
    counts = confusion(outcomes)
    figure = Figure(figsize=(6.4, 6), layout="constrained")
    axes = figure.add_subplot(title="Digits as they were read", xlabel="read", ylabel="written")
    axes.imshow(np.where(counts, counts, np.nan), cmap="Blues", norm=LogNorm(1, counts.max() + 1))
    for (row, column), count in np.ndenumerate(counts):
        if count:
            dark = count > 0.2 * counts.max()
            axes.text(column, row, str(count), ha="center", va="center", size=9,
                      color="white" if dark else "black")  # fmt: skip
    names = [*(str(digit) for digit in range(NONE)), "none"]
    axes.set_xticks(range(NONE + 1), names)
    axes.set_yticks(range(NONE + 1), names)
    _save(figure, out)


def draw_reliability(outcomes: Sequence[Outcome], out: Path) -> None:
    """What was claimed against what was right, for digits and for whole photos."""
    kinds = {"digits": digit_claims(outcomes), "whole photos": string_claims(outcomes)}
    figure = Figure(figsize=(9, 4.6), layout="constrained")
    for index, (name, claims) in enumerate(kinds.items()):
        axes = figure.add_subplot(1, 2, index + 1, xlabel="claimed", ylabel="right")
        _reliability(axes, name, claims, COLOURS[index])
    _save(figure, out)


def _reliability(axes: Axes, name: str, claimed: Sequence[tuple[float, bool]], colour: str) -> None:
    error, bins = calibration_error(claimed), reliability(claimed)
    axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    axes.set_title(f"{name}: ECE {error:.3f}" if error is not None else f"{name}: none")
    axes.plot([0, 1], [0, 1], color=GRAY, linestyle=":", label="as claimed")
    most = max((claims.count for claims in bins), default=1)
    sizes = [20 + 180 * claims.count / most for claims in bins]
    xs, ys = [claims.claimed for claims in bins], [claims.right for claims in bins]
    axes.plot(xs, ys, color=colour, linewidth=1)
    axes.scatter(xs, ys, sizes, color=colour, alpha=0.7, clip_on=False, label="area: how many")
    axes.grid(alpha=0.25)
    axes.legend(frameon=False, loc="upper left", markerscale=0.6)


def draw_latency(entries: Sequence[Entry], out: Path) -> None:
    """How long the readers took, photo by photo."""
    title = "Time a photo, one thread"
    figure, axes = _panel(title, "milliseconds (logarithmic)", "photos")
    times = [[outcome.ms for outcome in entry.outcomes] or [1.0] for entry in entries]
    low, high = min(map(min, times)), max(map(max, times))
    edges = np.geomspace(max(low, 0.1) / 1.1, high * 1.1, 40)
    for entry, ms, colour, style in zip(entries, times, COLOURS, STYLES, strict=False):
        label = f"{entry.contestant.title}, median {np.median(ms):.0f} ms"
        axes.hist(ms, edges.tolist(), color=colour, alpha=0.35)
        axes.axvline(float(np.median(ms)), color=colour, linestyle=style, label=label)
    axes.set_xscale("log")
    axes.legend(frameon=False)
    _save(figure, out)


def draw_cost(cost: Cost, out: Path) -> None:
    """Time against pixels and against digits, all logarithmic: growth shows as slope."""
    series = {
        "megapixels": [(one.megapixels, one.ms) for one in cost.by_pixels],
        "digits on the page": [(float(one.digits), one.ms) for one in cost.by_digits],
    }
    figure = Figure(figsize=(9, 4.2), layout="constrained")
    for index, (name, points) in enumerate(series.items()):
        axes = figure.add_subplot(1, 2, index + 1, xlabel=name, ylabel="milliseconds")
        _cost(axes, points, COLOURS[index])
    _save(figure, out)


def _cost(axes: Axes, points: Sequence[tuple[float, float]], colour: str) -> None:
    amounts, times = np.array(points).T
    fixed, each = straight(points)
    axes.set_title(f"exponent {exponent(points):.2f}, upper half {steepest(points):.2f}")
    axes.loglog(amounts, times, "o", color=colour, label="measured")
    fine = np.geomspace(amounts[0], amounts[-1], 100)
    axes.plot(
        fine, fixed + each * fine, "-", color=colour, label=f"{fixed:.0f} ms + {each:.2g} ms each"
    )
    linear = times[-1] * fine / fine[-1]
    shown = linear > times.min() / 2
    axes.plot(fine[shown], linear[shown], ":", color=GRAY, label="linear: exponent 1")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter("{x:g}")
        axis.set_minor_formatter(NullFormatter())
    axes.grid(alpha=0.25)
    axes.legend(frameon=False)


def _panel(title: str, across: str, up: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7, 4.4), layout="constrained")
    axes = figure.add_subplot(title=title, xlabel=across, ylabel=up)
    axes.grid(alpha=0.25)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes


def _save(figure: Figure, out: Path) -> None:
    figure.savefig(out, dpi=DPI)

# SPDX-License-Identifier: Apache-2.0
"""Learning curves as a picture, for who looks at a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

Curve = Sequence[tuple[int, float]]  # (epoch, value)


def draw_curves(curves: Mapping[str, Curve], path: Path) -> bool:
    """One panel a metric, as PNG. False, and no file, without curves or matplotlib (`bench`)."""
    if not curves or find_spec("matplotlib") is None:
        return False
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4 * len(curves), 3), layout="constrained")
    panels = figure.subplots(1, len(curves), squeeze=False)[0]
    for panel, (name, curve) in zip(panels, sorted(curves.items()), strict=True):
        panel.plot(*zip(*curve, strict=True), marker="o")
        panel.set(title=name, xlabel="epoch")
        panel.xaxis.get_major_locator().set_params(integer=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=100)
    return True

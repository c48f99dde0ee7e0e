# SPDX-License-Identifier: Apache-2.0
"""How long two bundles take for the same photos."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from training.bench.process import run


@dataclass(frozen=True, slots=True)
class Latency:
    """Median milliseconds of processor time a photo, and the median of the photos' ratios."""

    champion_ms: float
    challenger_ms: float
    ratio: float


def compare_latency(champion: Path, challenger: Path, photos: Sequence[Path]) -> Latency:
    """Both over `photos`, in one process of their own. Raises `ProcessFailed`."""
    lines: list[str] = []
    names = [str(path) for path in (champion, challenger, *photos)]
    run([sys.executable, "-m", "training.gate.latency_solo", *names], lines.append)
    return Latency(**json.loads(lines[-1]))

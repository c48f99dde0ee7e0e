# SPDX-License-Identifier: Apache-2.0
"""Times two bundles in this process: `python -m training.gate.latency_solo A B PHOTO...`

Processor time on one thread, so that what else the machine does weighs little, and by turns, so
that it weighs on both. Prints a line of JSON, a `Latency`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from time import process_time

import vision
from training.gate.latency import Latency

RUNS = 2  # of which the quicker counts: the other was disturbed


def by_turns(champion: Path, challenger: Path, photos: Sequence[Path]) -> Latency:
    """Both over each of `photos`, one after the other."""
    models = vision.load_model(champion), vision.load_model(challenger)
    times = [_quickest(photo.read_bytes(), models) for photo in photos]
    before, after = zip(*times, strict=True)
    ratio = median(now / max(then, 1e-6) for then, now in times)
    return Latency(round(median(before), 2), round(median(after), 2), round(ratio, 3))


def _quickest(photo: bytes, models: tuple[vision.Model, vision.Model]) -> tuple[float, float]:
    runs = [(_ms(photo, models[0]), _ms(photo, models[1])) for _ in range(RUNS)]
    before, after = zip(*runs, strict=True)
    return min(before), min(after)


def _ms(photo: bytes, model: vision.Model) -> float:
    started = process_time()
    vision.read(photo, model)
    return (process_time() - started) * 1000


def main() -> None:
    champion, challenger, *photos = map(Path, sys.argv[1:])
    print(json.dumps(asdict(by_turns(champion, challenger, photos))))


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""What benchmarks leave behind: a folder for each race, and the page in `docs/`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from training.bench.gallery import write_gallery
from training.bench.page import as_markdown
from training.bench.plots import (
    draw_confusion,
    draw_cost,
    draw_latency,
    draw_reliability,
    draw_risk_coverage,
)
from training.bench.race import Entry, scores_of
from training.bench.whole import Whole


def write_report(entries: Sequence[Entry], folder: Path) -> None:
    """The first entry is the product: confusion, reliability and gallery are of it alone."""
    folder.mkdir(parents=True, exist_ok=True)
    product = entries[0].outcomes
    draw_risk_coverage(entries, folder / "risk-coverage.png")
    draw_latency(entries, folder / "latency.png")
    draw_reliability(product, folder / "reliability.png")
    draw_confusion(product, folder / "confusion.png")
    write_gallery(product, folder / "misread.html")
    scores = json.dumps(scores_of(entries, with_peers=True), indent=2)
    (folder / "scores.json").write_text(scores + "\n", "utf-8")
    for entry in entries:
        lines = (json.dumps(asdict(outcome)) + "\n" for outcome in entry.outcomes)
        (folder / f"{entry.contestant.name}.jsonl").write_text("".join(lines), "utf-8")


def write_whole(whole: Whole, card: Mapping[str, Any], page: Path, reports: Path) -> None:
    """The page and, beside it in `images/`, its pictures; all else goes into `reports`."""
    images = page.parent / "images"
    images.mkdir(parents=True, exist_ok=True)
    draw_cost(whole.cost, images / "cost.png")
    for measured in whole.folders:
        write_report(measured.entries, reports / measured.name)
        if measured.pictures:
            draw_risk_coverage(measured.entries, images / "risk-coverage.png")
            draw_reliability(measured.entries[0].outcomes, images / "reliability.png")
    page.write_text(as_markdown(whole.folders, whole.cost, whole.starts, card), "utf-8")

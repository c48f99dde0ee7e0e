# SPDX-License-Identifier: Apache-2.0
"""A verdict as files: `verdict.json`, a page to read (`card.html`), and pictures.

Only rendered photos are shown. Callers' photos and what stands on them never leave the frozen set;
of them the files hold counts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from training.bench.contestants import Contestant
from training.bench.race import Entry
from training.files import write_whole
from training.gate.card import as_html
from training.gate.frozen import FrozenSet
from training.gate.readings import Pair, kept_pairs
from training.gate.verdict import Verdict
from training.scoring import Outcome

READER = "training.bench.readers:sonsori"


def write_report(verdict: Verdict, folder: Path) -> Path:
    """Writes into `folder`, and returns it. Pictures need matplotlib (extra `bench`), and they and
    the gallery what was read: a verdict from a file, or of a bundle unfit to read, has neither.

    Raises `FrozenSetError` when the frozen set was changed since, `OSError` when it is full.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pairs = _pairs(verdict)
    pictures = _draw(verdict, pairs, folder) if pairs and find_spec("matplotlib") else {}
    write_whole(folder / "verdict.json", json.dumps(verdict.as_dict(), indent=2).encode())
    write_whole(folder / "card.html", as_html(verdict, pairs, pictures).encode())
    return folder


def _pairs(verdict: Verdict) -> list[Pair]:
    if verdict.frozen is None or verdict.counts is None:
        return []
    bundles = verdict.champion.digest, verdict.challenger.digest
    return kept_pairs(*bundles, verdict.preprocessing, FrozenSet.open(verdict.frozen))


def _draw(verdict: Verdict, pairs: Sequence[Pair], folder: Path) -> dict[str, Path]:
    """The pictures, by what they show. They hold counts only."""
    from training.bench import plots

    champion = _entry(f"champion {verdict.champion.version}", [pair.champion for pair in pairs])
    outcomes = [pair.challenger for pair in pairs]
    challenger = _entry(f"challenger {verdict.challenger.version}", outcomes)
    drawn = {
        "Risk against coverage, both models": folder / "risk-coverage.png",
        "What the challenger claims against what is right": folder / "reliability.png",
        "Digits as the challenger reads them": folder / "confusion.png",
    }
    risk, reliability, confusion = drawn.values()
    plots.draw_risk_coverage([champion, challenger], risk)
    plots.draw_reliability(outcomes, reliability)
    plots.draw_confusion(outcomes, confusion)
    return drawn


def _entry(title: str, outcomes: Sequence[Outcome]) -> Entry:
    return Entry(Contestant(title, title, READER, module="vision"), tuple(outcomes), 0.0)

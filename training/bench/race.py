# SPDX-License-Identifier: Apache-2.0
"""Readers over the same photos, one after the other, each in a process of its own."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.bench.contestants import SONSORI, Contestant
from training.bench.process import ProcessFailed, run
from training.progress import NullProgress, ProgressBar
from training.scoring import Outcome, read_labels, summarise


@dataclass(frozen=True, slots=True)
class Entry:
    """What one contestant said of every photo, and the memory it took."""

    contestant: Contestant
    outcomes: tuple[Outcome, ...]
    peak_rss_mb: float

    @property
    def scores(self) -> dict[str, Any]:
        return summarise(self.outcomes, self.peak_rss_mb)


def enter(contestant: Contestant, folder: Path, *, progress: ProgressBar | None = None) -> Entry:
    """One contestant over `folder`.

    Raises `FileNotFoundError` when there is no labels.csv, `ProcessFailed` when the reader fails.
    """
    progress = progress or NullProgress()
    progress.begin(contestant.title, len(read_labels(folder)))
    outcomes: list[Outcome] = []

    def keep(line: str) -> None:
        outcomes.append(_outcome(line))
        progress.advance()

    command = [sys.executable, "-m", "training.bench.solo", contestant.reader, str(folder)]
    spent = run(command, keep)
    return Entry(contestant, tuple(outcomes), spent.peak_rss_mb)


def race(
    folder: Path,
    peers: Sequence[Contestant],
    *,
    say: Callable[[str], None],
    progress: ProgressBar | None = None,
) -> list[Entry]:
    """Sonsori, then the peers. `say` is told of a peer that is missing or fails: it is left out.

    Raises as `enter` does for Sonsori.
    """
    entries = [enter(SONSORI, folder, progress=progress)]
    for peer in peers:
        if peer.missing:
            say(peer.missing)
            continue
        try:
            entries.append(enter(peer, folder, progress=progress))
        except ProcessFailed as failed:
            say(f"{peer.title} is left out: {failed}")
    return entries


def scores_of(entries: Sequence[Entry], *, with_peers: bool) -> dict[str, Any]:
    """The JSON of `sonsori bench photos`: Sonsori's scores, and under "peers" the others'."""
    product, *peers = entries
    if not with_peers:
        return product.scores
    return {**product.scores, "peers": {peer.contestant.name: peer.scores for peer in peers}}


def _outcome(line: str) -> Outcome:
    told = json.loads(line)
    told["problems"], told["digit_p"] = tuple(told["problems"]), tuple(told["digit_p"])
    return Outcome(**told)

# SPDX-License-Identifier: Apache-2.0
"""Everything that `docs/benchmarks.md` tells, measured in one go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.bench.contestants import Contestant
from training.bench.cost import Cost, measure_cost
from training.bench.page import Measured
from training.bench.race import Entry, race
from training.bench.start import Start, measure_starts
from training.progress import ProgressBar


@dataclass(frozen=True, slots=True)
class Whole:
    """The folders that were given, and what reading costs."""

    folders: tuple[Measured, ...]
    cost: Cost
    starts: tuple[Start, ...]


def measure_whole(
    photos: Path | None,
    synthetic: Path | None,
    peers: Sequence[Contestant],
    read_command: Sequence[str],
    *,
    say: Callable[[str], None],
    progress: ProgressBar,
) -> Whole:
    """Measures all, draws nothing: this process stays smaller than those it measures.

    What is quick comes first, so that what cannot work fails soon.
    """
    starts, cost = measure_starts(read_command), measure_cost(progress=progress)
    against = f" --against {','.join(peer.name for peer in peers)}" if peers else ""
    folders = []
    if photos is not None:
        entries = race(photos, peers, say=say, progress=progress)
        folders.append(_photographs(tuple(entries), against))
    if synthetic is not None:
        entries = race(synthetic, peers, say=say, progress=progress)
        folders.append(_synthetic(tuple(entries), against))
    return Whole(tuple(folders), cost, starts)


def _photographs(entries: tuple[Entry, ...], against: str) -> Measured:
    title = "Photographs by strangers, which trained nothing"
    return Measured("photos", title, (f"sonsori bench photos DIR{against}",), entries)


def _synthetic(entries: tuple[Entry, ...], against: str) -> Measured:
    title = "Synthetic photos, of seeds that trained nothing"
    make = f"python -m training.synthetic_set SYNTHETIC --count {len(entries[0].outcomes)}"
    commands = make, f"sonsori bench photos SYNTHETIC{against}"
    return Measured("synthetic", title, commands, entries, pictures=True)

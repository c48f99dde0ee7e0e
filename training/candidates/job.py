# SPDX-License-Identifier: Apache-2.0
"""One candidate's training: its recipe, what it goes on from after a kill, and whom it tells."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from training.candidates.recipes import Candidate, candidate
from training.checkpoint import Checkpoint
from training.fit import Callback, EpochEnd, Recipe
from training.loop import Plan
from training.progress import ProgressBar
from training.snapshot import Snapshot

OnEpoch = Callable[[int, Mapping[str, float]], None]


@dataclass(frozen=True)
class Job:
    """What one candidate is trained with, and whom to tell."""

    name: str
    snapshot: Snapshot
    plan: Plan
    progress: ProgressBar
    on_epoch: OnEpoch

    @property
    def how(self) -> Candidate:
        return candidate(self.name)

    @property
    def epochs(self) -> int:
        return max(1, round(self.plan.amounts.epochs * self.how.longer))

    def recipe(self, rate: float, epochs: int) -> Recipe:
        seed, threads = self.plan.seed, self.plan.threads
        return Recipe(epochs=epochs, rate=rate, average=0.99, seed=seed, threads=threads)

    def checkpoint(self, part: str) -> Checkpoint:
        told = f"{self.snapshot.digest} {self.plan.champion.name} {self.plan.seed} {self.how}"
        key = hashlib.sha256(f"{told} {self.plan.amounts} {part}".encode()).hexdigest()
        return Checkpoint(self.plan.work / self.name / f"{part}.pt", key)

    def telling(self, part: str, before: int) -> Callback:
        """Epochs are numbered on from the part `before`."""

        def tell(end: EpochEnd) -> None:
            self.on_epoch(before + end.epoch, {f"{part}_loss": end.loss})

        return tell

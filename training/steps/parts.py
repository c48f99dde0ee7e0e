# SPDX-License-Identifier: Apache-2.0
"""What a retraining is made of. With other parts (other data, other networks) it is a subclass."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from training.loop import Plan, TakeOut
from training.progress import ProgressBar

OnEpoch = Callable[[int, Mapping[str, float]], None]


class Frozen(Protocol):
    """Data that no longer changes: a folder named by its digest (sha256)."""

    @property
    def digest(self) -> str: ...

    @property
    def folder(self) -> Path: ...

    @property
    def manifest(self) -> Mapping[str, Any]: ...


class Validated(Protocol):
    """How good a candidate is, on data that no gate decides by: more is better."""

    @property
    def score(self) -> float: ...

    @property
    def metrics(self) -> Mapping[str, float]: ...


class Judged(Protocol):
    """Whether a challenger may serve, and why."""

    @property
    def passed(self) -> bool: ...

    @property
    def narrowly_failed(self) -> bool: ...

    @property
    def reasons(self) -> tuple[str, ...]: ...

    def as_dict(self) -> dict[str, Any]: ...


class Parts:
    """The parts that Sonsori is retrained with."""

    def freeze(self, takeout: TakeOut, plan: Plan, progress: ProgressBar) -> Frozen:
        from training.snapshot import freeze

        return freeze(takeout, plan, progress)

    def open(self, folder: Path) -> Frozen:
        """A frozen folder again. Raises `ValueError` for one that was changed."""
        from training.snapshot import Snapshot

        return Snapshot.open(folder)

    def train(
        self,
        name: str,
        data: Frozen,
        plan: Plan,
        out: Path,
        progress: ProgressBar,
        on_epoch: OnEpoch,
    ) -> Path:
        """The bundle's folder. Goes on from its last epoch when it was killed.

        An epoch is told before its checkpoint is written: told twice, it is remembered once."""
        from training.candidates import train

        return train(name, data, plan, out, progress, on_epoch)

    def validate(self, bundle: Path, data: Frozen, plan: Plan, progress: ProgressBar) -> Validated:
        from training.candidates import validate

        return validate(bundle, data, plan, progress)

    def judge(self, challenger: Path, plan: Plan, report: Path, progress: ProgressBar) -> Judged:
        """Both models on the frozen set; the card and its plots go to `report`."""
        from training.gate import FrozenSet, judge, write_report

        frozen = FrozenSet.ensure(plan, TakeOut(plan.input), progress)
        verdict = judge(
            plan.champion, challenger, frozen, processes=plan.threads, progress=progress
        )
        write_report(verdict, report)
        return verdict

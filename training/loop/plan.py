# SPDX-License-Identifier: Apache-2.0
"""The plan of one retraining: a JSON file, which the flow is started and resumed with."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from training.files import write_whole

CANDIDATES = ("tuned", "bold", "scratch")


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much is learnt and looked at. The defaults keep a retraining of 2,000 new samples with
    three candidates under 25 minutes on two cores; tests ask for far less."""

    old_glyphs: int = 40_000  # rendered, so that what was known is not forgotten
    old_lines: int = 12_000
    old_pages: int = 600
    new_lines: int = 12_000  # composed of the samples' digits
    epochs: int = 4
    held_photos: int = 200  # rendered, to choose among the candidates
    frozen_photos: int = 600  # rendered, of the frozen set


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a retraining needs to know. Folders are absolute.

    `work` is this run's own: `work/input` is the take-out, `work/beat.json` says where it is,
    `work/result.json` what came of it. `champion` is the bundle to be beaten. `frozen`,
    `snapshots` and `data` (fonts, MNIST, rendered replay) outlive the run.
    """

    work: Path
    champion: Path
    frozen: Path
    snapshots: Path
    data: Path
    tracking_url: str
    artifacts: Path
    model_name: str = "sonsori"
    candidates: tuple[str, ...] = CANDIDATES
    least_new: int = 200
    seed: int = 7
    threads: int = 2
    drawn_only: bool = False  # strokes alone as the source: nothing is fetched
    amounts: Amounts = field(default_factory=Amounts)

    @property
    def input(self) -> Path:
        return self.work / "input"

    @property
    def beat(self) -> Path:
        return self.work / "beat.json"

    @property
    def result(self) -> Path:
        return self.work / "result.json"

    def save(self, path: Path) -> None:
        """Write the plan, whole or not at all."""
        write_whole(path, json.dumps(asdict(self), indent=2, default=str).encode())

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises `FileNotFoundError`, or `ValueError` for what is no plan."""
        return cls._from(json.loads(path.read_text()))

    @classmethod
    def _from(cls, values: dict[str, Any]) -> Self:
        known = {one.name: one for one in fields(cls)}
        strange = values.keys() - known.keys()
        if strange:
            raise ValueError(f"a plan has no {', '.join(sorted(strange))}")
        paths = {name: Path(values[name]) for name in _FOLDERS}
        chosen = tuple(values.get("candidates", CANDIDATES))
        amounts = Amounts(**values.get("amounts", {}))
        return cls(**{**values, **paths, "candidates": chosen, "amounts": amounts})


_FOLDERS = ("work", "champion", "frozen", "snapshots", "data", "artifacts")

# SPDX-License-Identifier: Apache-2.0
"""A registry in a folder, with the methods of `training.tracking.Memory` that promotions use.

It outlives the process that uses it, so that a killed promotion can be repeated.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PASSED = {
    "gate.passed": "true",
    "gate.counts.wins": "30",
    "gate.counts.losses": "4",
    "gate.counts.p": "0.00001",
}
FAILED = {"gate.passed": "false", "gate.reasons": '["Slice 7 lost 9 photos."]'}
NARROWLY = {**FAILED, "gate.narrowly_failed": "true"}


@dataclass(frozen=True, slots=True)
class Version:
    number: int
    bundle: str
    tags: dict[str, str]
    at: datetime


class RegistryOnDisk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def register(self, bundle: Path, tags: dict[str, str] | None = None) -> int:
        number = len(self.versions()) + 1
        shutil.copytree(bundle, self.folder / str(number))
        (self.folder / f"{number}.json").write_text(json.dumps(PASSED if tags is None else tags))
        self.alias(number, "challenger")
        return number

    def versions(self) -> list[Version]:
        found = sorted(int(path.stem) for path in self.folder.glob("[0-9]*.json"))
        return [self._version(number) for number in reversed(found)]

    def aliases(self) -> dict[str, int]:
        path = self.folder / "aliases.json"
        return dict(json.loads(path.read_text())) if path.exists() else {}

    def alias(self, version: int, name: str) -> None:
        self._save_aliases({**self.aliases(), name: version})

    def unalias(self, name: str) -> None:
        left = {other: number for other, number in self.aliases().items() if other != name}
        self._save_aliases(left)

    def fetch(self, version: int, folder: Path) -> None:
        shutil.copytree(self.folder / str(version), folder)

    def _version(self, number: int) -> Version:
        card: dict[str, Any] = json.loads((self.folder / str(number) / "model.json").read_text())
        tags = json.loads((self.folder / f"{number}.json").read_text())
        return Version(number, card["version"], tags, datetime(2026, 11, 1, tzinfo=UTC))

    def _save_aliases(self, aliases: dict[str, int]) -> None:
        (self.folder / "aliases.json").write_text(json.dumps(aliases))


class RegistryAway:
    """Nothing can be asked of it."""

    def __getattr__(self, name: str) -> Any:
        raise ConnectionError("the registry's database is away")

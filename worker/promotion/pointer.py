# SPDX-License-Identifier: Apache-2.0
"""What serves, and how it came to: the content of `current.json`, which is the truth."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from training.files import write_whole


class Kind(StrEnum):
    PROMOTE = "promote"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class Served:
    """The bundle in service, the hashes of its files, and all that its `Promotion` row says.

    `version` is the registry's; None for the shipped bundle and for a folder of an operator's.
    """

    bundle: str
    files: dict[str, str]
    kind: str
    replaced: str
    actor: str
    reason: str
    at: datetime  # UTC
    version: int | None = None
    verdict: dict[str, Any] | None = field(default=None)

    def save(self, path: Path) -> None:
        """Write it, whole or not at all: workers see the old one or this one."""
        values = {**asdict(self), "at": self.at.isoformat()}
        write_whole(path, json.dumps(values, indent=2).encode())

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises `FileNotFoundError`, or `ValueError` for what was not written by `save`."""
        values = json.loads(path.read_text("utf-8"))
        try:
            return cls(**{**values, "at": datetime.fromisoformat(values["at"])})
        except (TypeError, KeyError) as error:
            raise ValueError(f"{path} says not what serves: {error}") from error

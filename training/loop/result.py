# SPDX-License-Identifier: Apache-2.0
"""What came of a retraining: the flow writes it last, whoever started the flow reads it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from training.files import write_whole


class Ending(StrEnum):
    PASSED = "passed"  # registered as the challenger, and the gate lets it through
    REFUSED = "refused"  # the gate does not; registered all the same
    NOTHING_NEW = "nothing_new"  # the same data as before, or too few new labels


@dataclass(frozen=True, slots=True)
class Result:
    """`bundle` is the challenger's folder, `version` its number in the registry, `snapshot` the
    digest of the data, `reasons` sentences for an operator."""

    ending: Ending
    reasons: tuple[str, ...]
    snapshot: str
    tracking_run: str = ""
    candidate: str = ""
    bundle: str = ""
    version: int | None = None

    def save(self, path: Path) -> None:
        write_whole(path, json.dumps(asdict(self), indent=2).encode())

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises `FileNotFoundError` when the flow did not get that far."""
        values = json.loads(path.read_text())
        ending, reasons = Ending(values["ending"]), tuple(values["reasons"])
        return cls(**{**values, "ending": ending, "reasons": reasons})

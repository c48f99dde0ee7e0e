# SPDX-License-Identifier: Apache-2.0
"""What the gate decided, and all that it rests on. It holds no photo and nobody's digits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from training.gate.latency import Latency
from training.gate.limits import Limits
from training.gate.risk import Risk, Selective
from training.gate.slices import Slice


class Check(StrEnum):
    """What is looked at, in the order in which it is told."""

    LOADS = "loads"
    CARD = "card"
    SMOKE = "smoke"
    SIZE = "size"
    PREPROCESSING = "preprocessing"
    BETTER = "better"
    SLICE = "slice"
    CORRECTED = "corrected"
    SILENT = "silent"
    WHERE_NONE = "where none"
    COVERAGE = "coverage"
    LATENCY = "latency"


@dataclass(frozen=True, slots=True)
class Checked:
    """One check, how it came out, and a sentence about it for an operator. `narrow`: on failing,
    it leaves the challenger worth a trial in shadow."""

    check: Check
    passed: bool
    sentence: str
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class Bundle:
    """One of the two: its own version, SHA-256 of its files, and size."""

    version: str
    digest: str
    megabytes: float


@dataclass(frozen=True, slots=True)
class Tried:
    """What both were tried on. `watched` photos were once corrected by their callers; they are
    no part of the counts, whose photos were chosen whatever was read on them."""

    digest: str
    rendered: int
    callers: int
    watched: int
    withdrawn: int
    refused: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Photos that the challenger won and lost, that both read right, and that neither did.
    `p`: how likely so many wins are by chance, from 0 to 1."""

    wins: int
    losses: int
    both: int
    neither: int
    p: float

    @property
    def photos(self) -> int:
        return self.wins + self.losses + self.both + self.neither


@dataclass(frozen=True, slots=True)
class Verdict:
    """`checks` say all; without `counts` the challenger was not fit to read anything.
    `preprocessing` is the SHA-256 of the source of `vision`. `frozen` is the folder of the set,
    and is not written down."""

    champion: Bundle
    challenger: Bundle
    tried: Tried
    preprocessing: str
    checks: tuple[Checked, ...]
    limits: Limits
    counts: Counts | None = None
    of_callers: Counts | None = None
    slices: tuple[Slice, ...] = ()
    selective: Selective | None = None
    latency: Latency | None = None
    notes: tuple[str, ...] = ()
    frozen: Path | None = field(default=None, compare=False)

    @property
    def passed(self) -> bool:
        return all(checked.passed for checked in self.checks)

    @property
    def narrowly_failed(self) -> bool:
        """Whether one thing only speaks against it, and one that a trial in shadow may settle."""
        failed = [checked for checked in self.checks if not checked.passed]
        return len(failed) == 1 and failed[0].narrow

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it failed, a sentence each; what it won by, when it passed."""
        told = [c.sentence for c in self.checks if not c.passed]
        return tuple(told or [c.sentence for c in self.checks if c.check is Check.BETTER])

    def as_dict(self) -> dict[str, Any]:
        """For JSON: the fields, and what follows from them for who reads no Python."""
        values = asdict(self)
        del values["frozen"]
        return {
            "passed": self.passed,
            "narrowly_failed": self.narrowly_failed,
            "reasons": list(self.reasons),
            **values,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The verdict that `as_dict` wrote down. Raises KeyError or TypeError for what is none."""
        selective, latency = values["selective"], values["latency"]
        counts, of_callers = values["counts"], values["of_callers"]
        return cls(
            champion=Bundle(**values["champion"]),
            challenger=Bundle(**values["challenger"]),
            tried=Tried(**values["tried"]),
            preprocessing=values["preprocessing"],
            checks=tuple(Checked(**{**c, "check": Check(c["check"])}) for c in values["checks"]),
            limits=Limits(**values["limits"]),
            counts=Counts(**counts) if counts else None,
            of_callers=Counts(**of_callers) if of_callers else None,
            slices=tuple(Slice(**one) for one in values["slices"]),
            selective=_selective(selective) if selective else None,
            latency=Latency(**latency) if latency else None,
            notes=tuple(values["notes"]),
        )


def _selective(values: Mapping[str, Any]) -> Selective:
    risks = {name: Risk(**values[name]) for name in ("champion", "challenger")}
    where_none = tuple(values["spoken_where_none"])
    return Selective(**{**values, **risks, "spoken_where_none": where_none})

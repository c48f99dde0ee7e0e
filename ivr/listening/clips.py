# SPDX-License-Identifier: Apache-2.0
"""A folder of clips with its `labels.csv`: file, language, kind, text, voice."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ivr.audio import PHONE_HZ, Samples, band_pass, read_wav, resample, set_level

_BAND_HZ = (300.0, 3400.0)
_LEVEL_DBFS = -22.0
_ROBOTIC = "es-"  # voices of espeak-ng: no person sounds like them

# The answers that the prompts ask for; what else means yes or no is said at a caller's own risk.
CORE = frozenset({
    "네", "예", "네 네", "네 맞습니다", "맞습니다",
    "아니요", "아니", "틀렸습니다", "아니요 틀렸습니다",
    "yes", "no",
})  # fmt: skip


class Kind(StrEnum):
    """What somebody says in a clip."""

    YES = "yes"
    NO = "no"
    DIGITS = "digits"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip as it leaves the caller's mouth into the line: 8 kHz, 300 to 3400 Hz, -22 dBFS."""

    name: str
    language: str
    kind: Kind
    text: str
    voice: str
    sound: Samples

    @property
    def group(self) -> str:
        """What it is counted with."""
        if self.kind not in (Kind.YES, Kind.NO):
            return self.kind.value
        return "core" if self.text.lower() in CORE else "loose"

    @property
    def robotic(self) -> bool:
        return self.voice.startswith(_ROBOTIC)


def load_clips(folder: Path) -> tuple[Clip, ...]:
    """All clips that labels.csv names, in its order.

    Raises `FileNotFoundError` where one is missing, `ValueError` for a kind that is none.
    """
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_clips(folder, csv.DictReader(file)))


def _clips(folder: Path, rows: csv.DictReader[str]) -> Iterator[Clip]:
    for row in rows:
        sound, rate_hz = read_wav(folder / row["file"])
        narrow = band_pass(resample(sound, rate_hz, PHONE_HZ), *_BAND_HZ)
        yield Clip(
            row["file"],
            row["language"],
            Kind(row["kind"]),
            row["text"],
            row["voice"],
            set_level(narrow, _LEVEL_DBFS),
        )

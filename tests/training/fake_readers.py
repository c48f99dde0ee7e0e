# SPDX-License-Identifier: Apache-2.0
"""Readers for races without any: photos here are text files that hold what is to be read."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from training.bench.contestants import Contestant
from training.bench.race import Entry
from training.scoring import Answer, Outcome, Read


def echo() -> Read:
    """Reads what the file says, surely."""
    return lambda photo: Answer(photo.decode(), True, 0.9, (), tuple(0.8 for _ in photo))


def stumble() -> Read:
    """Fails on the first photo."""

    def read(photo: bytes) -> Answer:
        raise RuntimeError(f"cannot read {len(photo)} bytes")

    return read


ECHO = Contestant("echo", "Echo", "fake_readers:echo", module="numpy")
STUMBLE = Contestant("stumble", "Stumble", "fake_readers:stumble", module="numpy")
ABSENT = Contestant(
    "absent", "Absent", "fake_readers:echo", module="no_such_module", install="pip install it"
)


def write_folder(folder: Path, rows: Iterable[tuple[str, str, str]]) -> Path:
    """A folder of "photos": (group, label, what the file says) each."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "labels.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(("file", "group", "label"))
        for index, (group, label, text) in enumerate(rows):
            (folder / f"{index}.jpg").write_text(text)
            table.writerow((f"{index}.jpg", group, label))
    return folder


def outcome(
    text: str, label: str, *, confidence: float = 0.9, sure: bool = True, group: str = "core"
) -> Outcome:
    """What became of one photo that took 12 ms; each digit was given 0.8."""
    p = tuple(0.8 for character in text if character.isdigit())
    return Outcome("a.jpg", group, label, text, sure, confidence, (), 12.0, p)


def entry(*outcomes: Outcome, contestant: Contestant = ECHO) -> Entry:
    return Entry(contestant, outcomes, 100.0)

# SPDX-License-Identifier: Apache-2.0
"""What any bundle must read is no matter of taste: no reader takes any of it for another digit."""

from __future__ import annotations

from training.gate import smoke_photos
from vision import load_model
from vision.findings import Findings
from vision.reader import examine


def test_each_reader_of_the_shipped_bundle_reads_the_smoke_photos_by_itself() -> None:
    model = load_model()
    for photo, text in smoke_photos():
        found = examine(photo, model)
        assert isinstance(found, Findings) and len(found.agreed) == 1
        (line,) = found.agreed
        assert line.values == tuple(map(int, text))
        assert line.votes == line.line.told.readers == 3

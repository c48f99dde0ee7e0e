# SPDX-License-Identifier: Apache-2.0
"""What reading a photo takes of the machine's memory, in a process of its own."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from drawing import encoded, paper, write

from vision.memory import return_freed_pages

MOST_MB = 250.0
ROOT = Path(__file__).parents[2]
READS = """
import sys

from ivr.cli import main
from tests.fuzz.reader_process import memory_mb

sys.argv = ["sonsori", "read", sys.argv[1]]
try:
    main()
finally:
    print("peak", memory_mb("VmHWM"))
"""


def askew(text: str) -> bytes:
    """A photo of four megapixels, `text` small on it in rows that fall by 25 degrees."""
    page = paper(2400, 1800)
    for row in range(500, 1300, 120):
        page = write(page, text, (700, row), height=40)
    turn = cv2.getRotationMatrix2D((1200, 900), -25, 1.0)
    shade = (225, 225, 225)
    turned = cv2.warpAffine(page, turn, (2400, 1800), borderValue=shade)
    return encoded(np.asarray(turned, np.uint8))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_large_page_of_small_writing_askew_stays_within_the_memory_of_a_worker(
    tmp_path: Path,
) -> None:
    photo = tmp_path / "askew.jpg"
    photo.write_bytes(askew("48291750"))
    told = subprocess.run(
        [sys.executable, "-c", READS, str(photo)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    ).stdout
    assert "48291750" in told
    assert float(told.rpartition("peak")[2]) < MOST_MB


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())  # without mallopt, as musl's
    return_freed_pages()

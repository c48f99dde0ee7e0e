# SPDX-License-Identifier: Apache-2.0
"""The photos of the dialogs, by name: the shipped samples, and others drawn when asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import numpy as np

from ivr.cli.call import SAMPLES
from tests.vision.drawing import Pixels, encoded, paper, write


def photo(name: str, folder: Path) -> Path:
    """`482915` and `731417` are on paper, photographed; the others are drawn into `folder`."""
    sample = SAMPLES / f"{name}.jpg"
    if sample.exists():
        return sample
    path = folder / f"{name}.jpg"
    path.write_bytes(DRAWN[name]())
    return path


def two_lines() -> bytes:
    page = write(paper(900, 600), "4825", (120, 90))
    return encoded(write(page, "7316", (120, 330)))


def telephone() -> bytes:
    return encoded(write(paper(1400, 400), "01043257186", (80, 150)))


def parted() -> bytes:
    """Two digits, a clear gap, four digits."""
    page = write(paper(1100, 400), "42", (90, 150))
    return encoded(write(page, "5716", (430, 150)))


def card() -> bytes:
    """A card number by its form, whose check digit disagrees."""
    page = paper(2000, 400)
    for place, four in enumerate(("4539", "1488", "0343", "6468")):
        page = write(page, four, (70 + place * 470, 150), pitch=0.95)
    return encoded(page)


def doubtful() -> bytes:
    """Six digits, the fourth of which is a seven or a one."""
    page = write(paper(), "482", (90, 150))
    page = write(page, "15", (90 + 4 * 90, 150))
    left, top = 90 + 3 * 90, 150
    line = np.array([(left + 5, top + 11), (left + 33, top + 3), (left + 26, top + 90)], np.int32)
    cv2.polylines(page, [line], False, (35, 35, 60), 7, cv2.LINE_AA)
    return encoded(page)


def blank() -> bytes:
    return encoded(paper())


def dark() -> bytes:
    page = write(paper(shade=225), "482915", (120, 150))
    return encoded(np.asarray(page * 0.03, np.uint8))


def blurred() -> bytes:
    page: Pixels = write(paper(), "482915", (120, 150))
    return encoded(np.asarray(cv2.GaussianBlur(page, (0, 0), 24), np.uint8))


def cut_off() -> bytes:
    return encoded(write(paper(), "482915", (-30, 150)))


def note() -> bytes:
    return b"my number is below\n"


DRAWN: Mapping[str, Callable[[], bytes]] = {
    "two-lines": two_lines,
    "telephone": telephone,
    "parted": parted,
    "card": card,
    "doubtful": doubtful,
    "blank": blank,
    "dark": dark,
    "blurred": blurred,
    "cut-off": cut_off,
    "note": note,
}

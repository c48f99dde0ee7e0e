# SPDX-License-Identifier: Apache-2.0
"""Minutes of damaged files and hostile pages through `vision.read` (`make fuzz MINUTES=10`).

Atheris breeds the inputs: it mutates real files of every format and the few bytes that stand for
a hostile page, and keeps those that reach new lines of the decoding in `vision` and Pillow. Each
is then read in a process of its own kind, which serves on as a worker would. An input fails when
reading it ends that process, takes too long or too much memory; Atheris then writes it down and
stops. What was run is written to summary.json as it goes.
"""

from __future__ import annotations

import argparse
import json
import struct
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import atheris
import cv2
import numpy as np
import pillow_heif
from PIL import Image

from tests.fuzz.hostile_pages import PATTERNS, page_of

with atheris.instrument_imports(
    include=["PIL", "vision.stripped", "vision.picture", "vision.photo"]
):
    from vision import decode_photo

FILE, PAGE = b"F", b"P"  # the first byte of an input: what the rest of it stands for
PAGE_FORM = ">BHHI"  # pattern, height, width, seed
PAGES = 0.02  # of the children are pages, whatever their parent: these take long to read
KINDS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "HEIF")
MOST_SECONDS = 20.0  # of processor time
MOST_MB = 250.0  # of the whole process


@dataclass
class Summary:
    """What was run, and the worst of it: seconds of the processor, MB of the whole process."""

    inputs: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    worst_seconds: dict[str, float] = field(default_factory=dict)
    worst_mb: dict[str, float] = field(default_factory=dict)

    def add(self, kind: str, told: dict[str, Any]) -> None:
        self.inputs[kind] += 1
        self.found["digits" if told["digits"] else told["problem"]] += 1
        for worst, name in ((self.worst_seconds, "seconds"), (self.worst_mb, "peak_mb")):
            worst[kind] = round(max(told[name], worst.get(kind, 0.0)), 2)


class Reader:
    """The process that reads."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.fuzz.reader_process"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def read(self, photo: bytes) -> dict[str, Any]:
        """What reading `photo` took. Raises ValueError when it ended the process."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(struct.pack(">I", len(photo)) + photo)
        self.process.stdin.flush()
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        return told


def photo_of(data: bytes) -> bytes:
    """The file that an input stands for."""
    if not data.startswith(PAGE):
        return data[1:]
    form = data[1:].ljust(struct.calcsize(PAGE_FORM), b"\0")
    ok, file = cv2.imencode(".bmp", page_of(*struct.unpack_from(PAGE_FORM, form)))
    return file.tobytes() if ok else b""


def check(data: bytes, reader: Reader, summary: Summary) -> None:
    photo = photo_of(data)
    if not data.startswith(PAGE):
        decode_photo(photo, max_pixels=50_000_000, max_bytes=16_000_000)  # traced: what is new
    told = reader.read(photo)
    summary.add("page" if data.startswith(PAGE) else "file", told)
    assert told["digits"] or told["problem"]
    assert told["digits"] or not told["sure"]
    assert told["seconds"] < MOST_SECONDS, told
    assert told["peak_mb"] < MOST_MB, told


def seeds(folder: Path) -> None:
    """Writes the inputs that all others descend from."""
    pillow_heif.register_heif_opener()
    folder.mkdir(parents=True, exist_ok=True)
    page = page_of(7, 90, 160, 4)
    for kind in KINDS:
        for mode in ("RGB", "L"):
            file = BytesIO()
            exif = Image.Exif()
            exif[0x0112] = 6
            Image.fromarray(page).convert(mode).save(file, kind, exif=exif)
            (folder / f"{kind}-{mode}").write_bytes(FILE + file.getvalue())
    for pattern in range(len(PATTERNS)):
        form = struct.pack(PAGE_FORM, pattern, 200, 300, 2)
        (folder / f"page-{pattern}").write_bytes(PAGE + form)


def breed(data: bytes, most: int, seed: int) -> bytes:
    """A child of `data`: any bytes of a file may change, a page becomes another page."""
    random = np.random.default_rng(seed)
    if not data.startswith(PAGE) and random.random() > PAGES:
        return FILE + atheris.Mutate(data[1:], most - 1)
    sides = [int(side) for side in np.exp(random.uniform(0, np.log(3000), 2))]
    pattern, number = int(random.integers(len(PATTERNS))), int(random.integers(2**32))
    return PAGE + struct.pack(PAGE_FORM, pattern, *sides, number)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--folder", type=Path, default=Path("var/fuzz"))
    chosen = parser.parse_args()
    seeds(chosen.folder / "inputs")
    summary, reader = Summary(), Reader()

    def one(data: bytes) -> None:
        try:
            check(data, reader, summary)
        finally:
            (chosen.folder / "summary.json").write_text(json.dumps(vars(summary), indent=1))

    limits = [f"-max_total_time={int(60 * chosen.minutes)}", "-timeout=300", "-rss_limit_mb=0"]
    files = [f"-artifact_prefix={chosen.folder}/", str(chosen.folder / "inputs")]
    arguments = [sys.argv[0], *limits, "-max_len=60000", *files]
    atheris.Setup(arguments, one, custom_mutator=breed)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

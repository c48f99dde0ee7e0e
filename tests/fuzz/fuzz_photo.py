# SPDX-License-Identifier: Apache-2.0
"""Minutes of damaged files and hostile pages through `vision.read` (`make fuzz MINUTES=10`).

Atheris breeds the inputs: it mutates real files of every format and the few bytes that stand for
a hostile page, and keeps those that reach new lines of the decoding in `vision` and Pillow. An
input fails when reading it raises, takes too long or takes too much memory; Atheris then writes
it down and stops. What was run is written to summary.json as it goes.
"""

from __future__ import annotations

import argparse
import json
import struct
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import atheris
import cv2
import numpy as np
import pillow_heif
from PIL import Image

from tests.fuzz.hostile_pages import PATTERNS, page_of

# The stages after the decoder are left alone: tracing them costs more memory than they do.
with atheris.instrument_imports(
    include=["PIL", "vision.stripped", "vision.picture", "vision.photo"]
):
    import vision

MODEL = vision.load_model()
FILE, PAGE = b"F", b"P"  # the first byte of an input: what the rest of it stands for
PAGE_FORM = ">BHHI"  # pattern, height, width, seed
KINDS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "HEIF")
MOST_SECONDS = 20.0  # of processor time
MOST_MB = 170.0  # more than the process took before


@dataclass
class Summary:
    """What was run, and the worst of it. Seconds are of the processor, MB above the start."""

    inputs: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    worst_seconds: dict[str, float] = field(default_factory=dict)
    worst_mb: dict[str, float] = field(default_factory=dict)

    def add(self, kind: str, reading: vision.Reading, seconds: float, mb: float) -> None:
        self.inputs[kind] += 1
        self.found[reading.problems[0] if reading.problems else "digits"] += 1
        self.worst_seconds[kind] = round(max(seconds, self.worst_seconds.get(kind, 0)), 2)
        self.worst_mb[kind] = round(max(mb, self.worst_mb.get(kind, 0)), 1)


def memory_mb(name: str) -> float:
    """`VmRSS` or `VmHWM` (its peak) of this process."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.partition(name + ":")[2].split()[0]) / 1024


def photo_of(data: bytes) -> bytes:
    """The file that an input stands for."""
    if not data.startswith(PAGE):
        return data[1:]
    form = data[1:].ljust(struct.calcsize(PAGE_FORM), b"\0")
    ok, file = cv2.imencode(".bmp", page_of(*struct.unpack_from(PAGE_FORM, form)))
    return file.tobytes() if ok else b""


def measured(summary: Summary, data: bytes, most_mb: float) -> None:
    photo = photo_of(data)
    kind = "page" if data.startswith(PAGE) else "file"
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from now on
    before, start = memory_mb("VmRSS"), time.process_time()
    reading = vision.read(photo, MODEL)
    seconds, mb = time.process_time() - start, memory_mb("VmHWM") - before
    summary.add(kind, reading, seconds, mb)
    assert reading.lines or reading.problems
    assert not (reading.sure and not reading.lines)
    assert seconds < MOST_SECONDS, f"{seconds:.1f} s"
    assert mb < most_mb, f"{mb:.0f} MB"


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
    if not data.startswith(PAGE):
        return FILE + atheris.Mutate(data[1:], most - 1)
    sides = [int(side) for side in np.exp(random.uniform(0, np.log(3000), 2))]
    pattern, number = int(random.integers(len(PATTERNS))), int(random.integers(2**32))
    return PAGE + struct.pack(PAGE_FORM, pattern, *sides, number)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--most-mb", type=float, default=MOST_MB)
    parser.add_argument("--folder", type=Path, default=Path("var/fuzz"))
    chosen = parser.parse_args()
    seeds(chosen.folder / "inputs")
    summary = Summary()

    def one(data: bytes) -> None:
        try:
            measured(summary, data, chosen.most_mb)
        finally:
            (chosen.folder / "summary.json").write_text(json.dumps(vars(summary), indent=1))

    limits = [f"-max_total_time={int(60 * chosen.minutes)}", "-timeout=600", "-rss_limit_mb=1024"]
    files = [f"-artifact_prefix={chosen.folder}/", str(chosen.folder / "inputs")]
    atheris.Setup([sys.argv[0], *limits, "-max_len=60000", *files], one, custom_mutator=breed)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

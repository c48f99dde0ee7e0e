# SPDX-License-Identifier: Apache-2.0
"""Reads photos as a worker does, one after the other, and tells what each one took.

On its standard input come photos, each behind its length in four bytes; on its standard output
goes a line of JSON for each. Its own process, because a fuzzer's tracing takes memory too.
"""

from __future__ import annotations

import json
import struct
import sys
import time
from pathlib import Path
from typing import Any

import vision


def memory_mb(name: str) -> float:
    """`VmRSS` or `VmHWM` (its peak) of this process."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.partition(name + ":")[2].split()[0]) / 1024


def read(photo: bytes, model: vision.Model) -> dict[str, Any]:
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from now on
    start = time.process_time()
    reading = vision.read(photo, model)
    return {
        "seconds": time.process_time() - start,
        "peak_mb": memory_mb("VmHWM"),
        "digits": len(reading.digits),
        "sure": reading.sure,
        "problem": next(iter(reading.problems), None),
    }


def main() -> None:
    model = vision.load_model()
    while head := sys.stdin.buffer.read(4):
        photo = sys.stdin.buffer.read(struct.unpack(">I", head)[0])
        print(json.dumps(read(photo, model)), flush=True)


if __name__ == "__main__":
    main()

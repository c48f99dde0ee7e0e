# SPDX-License-Identifier: Apache-2.0
"""Work over several processes, which start afresh: a fork of OpenCV's threads may hang."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2

from training.progress import ProgressBar

AT_ONCE = 4  # tasks handed to a process at a time


@contextmanager
def mapped(processes: int) -> Iterator[Callable[..., Iterable[Any]]]:
    """`map`, over so many processes with one thread of OpenCV each; with 1, in this process."""
    if processes == 1:
        yield map
        return
    with ProcessPoolExecutor(processes, get_context("spawn"), _one_thread) as pool:
        yield partial(pool.map, chunksize=AT_ONCE)


def in_parts(
    make: Callable[[int], Path],
    seeds: range,
    processes: int,
    progress: ProgressBar,
    name: str,
) -> Iterator[Path]:
    """What `make` wrote for each of `seeds`, the first of each part, in their order."""
    progress.begin(name, len(seeds))
    with mapped(processes) as map_over:
        for path in map_over(make, seeds):
            yield path
            progress.advance()


def _one_thread() -> None:
    cv2.setNumThreads(1)

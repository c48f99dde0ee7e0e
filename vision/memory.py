# SPDX-License-Identifier: Apache-2.0
"""How the system's allocator treats arrays as large as a page."""

from __future__ import annotations

import ctypes

_M_MMAP_THRESHOLD = -3  # of mallopt(3), from malloc.h
_LARGE_BYTES = 1_000_000


def return_freed_pages() -> None:
    """Has arrays as large as a page go back to the system when they are freed.

    By default glibc keeps such blocks once one was freed, and a process that reads a page of two
    megapixels grows by up to 50 MB more. Another C library has nothing to set.
    """
    try:
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
    except (AttributeError, OSError, TypeError):
        return

# SPDX-License-Identifier: Apache-2.0
"""The networks of a bundle, and the version that they are."""

from __future__ import annotations

import hashlib
from pathlib import Path

NETWORKS = ("digits.onnx", "lines.onnx", "finder.onnx", "patches.onnx", "prints.onnx")


def version_of(folder: Path) -> str:
    """12 hex digits: a hash of the networks in `folder`. Raises `OSError` when one is unreadable.

    Other networks are another version, so that a reading's `model` says which ones made it.
    """
    state = hashlib.sha256()
    for name in NETWORKS:
        if (folder / name).exists():
            state.update((folder / name).read_bytes())
    return state.hexdigest()[:12]

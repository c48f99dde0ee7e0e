# SPDX-License-Identifier: Apache-2.0
"""Which code, with which packages: what it takes to train the same model again."""

from __future__ import annotations

import hashlib
import subprocess
from importlib.metadata import PackageNotFoundError, distributions, version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def provenance() -> dict[str, str]:
    """`code` (git revision, else the package's version) and `lock_sha256`."""
    return {"code": code_version(ROOT), "lock_sha256": lock_digest(ROOT / "constraints.txt")}


def code_version(root: Path) -> str:
    """The revision of the checkout at `root`, "-changed" behind it when files are."""
    if not (root / ".git").exists():
        return _package_version()
    try:
        return _git(root, "describe", "--always", "--abbrev=40", "--dirty=-changed", "--exclude=*")
    except (OSError, subprocess.CalledProcessError):
        return _package_version()


def lock_digest(lock: Path) -> str:
    """SHA-256 of the lock file; where there is none, of the names and versions installed."""
    if lock.exists():
        return hashlib.sha256(lock.read_bytes()).hexdigest()
    installed = sorted(f"{one.name}=={one.version}" for one in distributions())
    return hashlib.sha256("\n".join(installed).encode()).hexdigest()


def _package_version() -> str:
    try:
        return version("sonsori")
    except PackageNotFoundError:
        return "unknown"


def _git(root: Path, *args: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(root), *args], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()

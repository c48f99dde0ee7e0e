# SPDX-License-Identifier: Apache-2.0
"""A challenger in shadow: which one reads along, and whether one may.

It is for a challenger that narrowly failed: what it makes of callers' photos is compared with what
was spoken, and nobody hears it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from training.files import write_whole
from worker.promotion.bundles import ModelStore
from worker.promotion.candidates import find
from worker.promotion.checks import Unusable
from worker.promotion.promoting import AlreadyServed, NotPassed, Ready, make_ready, served_now
from worker.promotion.registry import OpenRegistry
from worker.promotion.verdicts import in_words
from worker.records import utcnow
from worker.store import Store


@dataclass(frozen=True, slots=True)
class Shadowing:
    """The challenger that reads along, since when (UTC), and who asked for it."""

    bundle: str
    files: dict[str, str]
    version: int | None
    actor: str
    since: datetime

    def save(self, path: Path) -> None:
        values = {**asdict(self), "since": self.since.isoformat()}
        write_whole(path, json.dumps(values, indent=2).encode())

    @classmethod
    def load(cls, path: Path) -> Self:
        values = json.loads(path.read_text("utf-8"))
        return cls(**{**values, "since": datetime.fromisoformat(values["since"])})


def current(models: ModelStore) -> Shadowing | None:
    """The challenger that reads along, or None. Raises `Unusable` for a file that says neither."""
    path = _path(models)
    try:
        return Shadowing.load(path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Unusable(f"{path} cannot be read: {error}") from error


def begin(
    store: Store, open_registry: OpenRegistry, named: str, actor: str, *, force: bool = False
) -> Shadowing:
    """Let the bundle that is `named` read along, in place of any other.

    `force`: though it failed by more than a little. Raises `Unusable`, `NotPassed`,
    `AlreadyServed`, `Unreachable` or `Busy`.
    """
    models = ModelStore(store.settings.models())
    with TemporaryDirectory(prefix="sonsori-", ignore_cleanup_errors=True) as folder:
        ready = make_ready(find(named, open_registry, Path(folder)))
        _admit(ready, models, force)
        with models.lock():
            models.publish(ready.candidate.folder)
            version = ready.candidate.version
            found = Shadowing(ready.bundle, ready.files, version, actor, utcnow())
            found.save(_path(models))
    return found


def end(models: ModelStore) -> None:
    """Nobody reads along. Nothing to end is fine."""
    _path(models).unlink(missing_ok=True)


def _admit(ready: Ready, models: ModelStore, force: bool) -> None:
    if ready.bundle == served_now(models):
        raise AlreadyServed(f"{ready.bundle} is in service already, and needs no shadow")
    verdict = ready.candidate.verdict or {}
    if not (force or verdict.get("passed") is True or verdict.get("narrowly_failed") is True):
        words = in_words(ready.candidate.verdict)
        raise NotPassed(f"only what passed or narrowly failed reads along ({words})")


def _path(models: ModelStore) -> Path:
    return models.folder / "shadow.json"

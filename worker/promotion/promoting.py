# SPDX-License-Identifier: Apache-2.0
"""Putting a bundle into service.

The pointer is the truth. What has to be right is done before it is moved: fetch, check, ask for
the gate's verdict, publish. What follows from it is done after: the promotion row, the aliases.
A promotion that is killed anywhere leaves the old bundle in service or the new one, whole, and
the next command writes down what is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from vision import SHIPPED
from worker.promotion import aliases, history
from worker.promotion.bundles import ModelStore
from worker.promotion.candidates import Candidate, find, why_not
from worker.promotion.checks import card_of, checked, hashes_of, is_intact
from worker.promotion.pointer import Kind, Served
from worker.promotion.registry import SHORT_PATIENCE_S, OpenRegistry, Unreachable, within
from worker.records import utcnow
from worker.store import Store


class Step(StrEnum):
    """What is done, told when it is."""

    FETCHED = "fetched"
    CHECKED = "checked"
    PUBLISHED = "published"
    SERVED = "in service"
    RECORDED = "recorded"
    ALIASED = "aliases moved"


Tell = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class Ready:
    """A candidate that passed the checks, its own version, and the hashes of its files."""

    candidate: Candidate
    bundle: str
    files: dict[str, str]


class NotPassed(Exception):
    """The gate's verdict says no, or there is none; the message says which and why."""


class AlreadyServed(Exception):
    """The bundle is in service; nothing was done."""


def promote(
    store: Store,
    open_registry: OpenRegistry,
    named: str,
    actor: str,
    reason: str,
    *,
    force: bool = False,
    tell: Tell = lambda step: None,
) -> Served:
    """Put what is `named` into service: a version, `challenger`, or a folder.

    `force`: whatever the gate says. Raises `Unusable`, `NotPassed`, `AlreadyServed`,
    `Unreachable` or `Busy`; then what served before goes on serving.
    """
    models = ModelStore(store.settings.models())
    with TemporaryDirectory(prefix="sonsori-", ignore_cleanup_errors=True) as folder:
        candidate = find(named, open_registry, Path(folder))
        tell(Step.FETCHED)
        ready = make_ready(candidate)
        tell(Step.CHECKED)
        with models.lock():
            history.settle(store, models)
            served = _served(ready, models, actor, reason)
            _admit(ready, models, served.replaced, force)
            _publish(ready, models, served, tell)
            follow(store, models, open_registry, tell)
    return served


def make_ready(candidate: Candidate) -> Ready:
    """Raises `Unusable`."""
    files = hashes_of(candidate.folder)
    return Ready(candidate, checked(candidate.folder, files).version, files)


def follow(store: Store, models: ModelStore, open_registry: OpenRegistry, tell: Tell) -> None:
    """What follows from a moved pointer: the row, and the aliases if the registry answers."""
    history.settle(store, models)
    tell(Step.RECORDED)
    promotions = history.rows(store)
    with suppress(Unreachable):
        within(SHORT_PATIENCE_S, lambda: aliases.mend(open_registry(), promotions))
        tell(Step.ALIASED)


def served_now(models: ModelStore) -> str:
    """The version of the bundle in service."""
    served = models.current()
    return served.bundle if served else str(card_of(SHIPPED)["version"])


def _served(ready: Ready, models: ModelStore, actor: str, reason: str) -> Served:
    return Served(
        bundle=ready.bundle,
        files=ready.files,
        kind=Kind.PROMOTE,
        replaced=served_now(models),
        actor=actor,
        reason=reason,
        at=utcnow(),
        version=ready.candidate.version,
        verdict=ready.candidate.verdict,
    )


def _admit(ready: Ready, models: ModelStore, replaced: str, force: bool) -> None:
    """What serves and is sound need not be promoted; one that workers refused is put right."""
    same = ready.bundle == replaced and ready.bundle not in models.refusals()
    if same and (models.current() is None or is_intact(models.bundle(replaced), ready.files)):
        raise AlreadyServed(f"{replaced} is in service already")
    objection = why_not(ready.candidate)
    if objection and not force:
        raise NotPassed(objection)


def _publish(ready: Ready, models: ModelStore, served: Served, tell: Tell) -> None:
    """The shipped bundle is published before it is replaced: another release of the program ships
    another, and it must stay possible to go back to this one."""
    if models.current() is None:
        models.publish(SHIPPED)
    models.publish(ready.candidate.folder)
    tell(Step.PUBLISHED)
    models.point(served)
    tell(Step.SERVED)

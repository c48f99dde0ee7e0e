# SPDX-License-Identifier: Apache-2.0
"""Putting a bundle into service.

The pointer is the truth. What has to be right is done before it is moved: fetch, check, ask for
the gate's verdict, publish. What follows from it is done after: the promotion row, the aliases.
A promotion that is killed anywhere leaves the old bundle in service or the new one, whole, and
the next command writes down what is missing.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

import structlog

from vision import SHIPPED
from worker.promotion import aliases, history
from worker.promotion.bundles import ModelStore
from worker.promotion.candidates import Candidate, find, why_not
from worker.promotion.checks import Unusable, card_of, checked, hashes_of
from worker.promotion.pointer import Kind, Served
from worker.promotion.registry import SHORT_PATIENCE_S, OpenRegistry, Unreachable, within
from worker.records import utcnow
from worker.store import Store

log = structlog.get_logger(__name__)


class Step(StrEnum):
    """What is done, told when it is."""

    FETCHED = "fetched"
    CHECKED = "checked"
    PUBLISHED = "published"
    SERVED = "in service"
    RECORDED = "recorded"
    ALIASED = "aliases moved"


Tell = Callable[[Step], None]


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
    with models.lock():
        history.settle(store, models)
        fetched = _fresh(models.folder / ".fetched")
        try:
            candidate = find(named, open_registry, fetched)
            tell(Step.FETCHED)
            served = _put_in_service(models, candidate, actor, reason, force, tell)
        finally:
            shutil.rmtree(fetched, ignore_errors=True)
        follow(store, models, open_registry, tell)
    log.info("promoted", bundle=served.bundle, version=served.version, actor=actor)
    return served


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


def _put_in_service(
    models: ModelStore, candidate: Candidate, actor: str, reason: str, force: bool, tell: Tell
) -> Served:
    files = hashes_of(candidate.folder)
    bundle = checked(candidate.folder, files).version
    tell(Step.CHECKED)
    replaced = _replaced(models)
    _refuse_what_serves(models, bundle, replaced, files)
    objection = why_not(candidate)
    if objection and not force:
        raise NotPassed(objection)
    models.publish(candidate.folder)
    tell(Step.PUBLISHED)
    served = Served(
        bundle=bundle,
        files=files,
        kind=Kind.PROMOTE,
        replaced=replaced,
        actor=actor,
        reason=reason,
        at=utcnow(),
        version=candidate.version,
        verdict=candidate.verdict,
    )
    models.point(served)
    tell(Step.SERVED)
    return served


def _replaced(models: ModelStore) -> str:
    """What serves now. The shipped bundle is published before it is replaced: another release of
    the program ships another, and it must stay possible to go back to this one."""
    version = served_now(models)
    if models.current() is None:
        models.publish(SHIPPED)
    return version


def _refuse_what_serves(
    models: ModelStore, bundle: str, replaced: str, files: dict[str, str]
) -> None:
    """What serves and is sound need not be promoted; one that workers refused is put right."""
    if bundle != replaced or bundle in models.refusals():
        return
    with suppress(Unusable):
        checked(models.bundle(bundle), files)
        raise AlreadyServed(f"{bundle} is in service already")


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder

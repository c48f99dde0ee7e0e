# SPDX-License-Identifier: Apache-2.0
"""Going back to a bundle that served before: the model store is enough for it."""

from __future__ import annotations

from collections.abc import Sequence

from vision import SHIPPED
from worker.promotion import history
from worker.promotion.bundles import ModelStore
from worker.promotion.checks import Unusable, card_of, checked
from worker.promotion.pointer import Kind, Served
from worker.promotion.promoting import Step, Tell, follow, served_now
from worker.promotion.registry import OpenRegistry
from worker.records import utcnow
from worker.store import Store
from worker.training_records import Promotion


class NowhereToGo(Exception):
    """There is no such bundle to go back to; the message says why."""


def roll_back(
    store: Store,
    open_registry: OpenRegistry,
    actor: str,
    reason: str,
    *,
    to: str | None = None,
    tell: Tell = lambda step: None,
) -> Served:
    """Put the bundle into service that served before, or the earlier one named `to`.

    Raises `NowhereToGo`, `Unusable` for a broken target (naming the one before it), or `Busy`;
    then what serves goes on serving.
    """
    models = ModelStore(store.settings.models())
    with models.lock():
        history.settle(store, models)
        promotions = history.rows(store)
        target = _target(history.before(promotions), to)
        files = _sound(models, target, history.before(promotions))
        tell(Step.CHECKED)
        served = _served(models, promotions, target, files, actor, reason)
        models.point(served)
        tell(Step.SERVED)
        follow(store, models, open_registry, tell)
    return served


def _target(earlier: Sequence[str], to: str | None) -> str:
    if not earlier:
        raise NowhereToGo("nothing was promoted, so there is nothing to go back to")
    if to is not None and to not in earlier:
        raise NowhereToGo(f"{to} did not serve before; these did: {', '.join(earlier)}")
    return to or earlier[0]


def _sound(models: ModelStore, target: str, earlier: Sequence[str]) -> dict[str, str]:
    """The target's hashes, once it is checked."""
    try:
        return _checked(models, target)
    except Unusable as error:
        further = list(earlier[earlier.index(target) + 1 :])
        advice = (
            f"before it served {further[0]}: `sonsori rollback --to {further[0]}`"
            if further
            else "nothing served before it"
        )
        raise Unusable(f"{target} cannot serve: {error}; {advice}") from error


def _checked(models: ModelStore, target: str) -> dict[str, str]:
    """The shipped bundle is published anew when the one in the store is damaged."""
    try:
        files = models.hashes(target)
        checked(models.bundle(target), files)
    except Unusable:
        if target != card_of(SHIPPED)["version"]:
            raise
        models.publish(SHIPPED)
        files = models.hashes(target)
    return files


def _served(
    models: ModelStore,
    promotions: Sequence[Promotion],
    target: str,
    files: dict[str, str],
    actor: str,
    reason: str,
) -> Served:
    return Served(
        bundle=target,
        files=files,
        kind=Kind.ROLLBACK,
        replaced=served_now(models),
        actor=actor,
        reason=reason,
        at=utcnow(),
        version=history.version_of_bundle(promotions, target),
    )

# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path

import pytest
from bundle_makers import cut_short
from ledger import LedgerStore
from registry_on_disk import RegistryAway, RegistryOnDisk

from worker.promotion import ModelStore, NowhereToGo, Unusable, history, promote, roll_back


@pytest.fixture
def promoted(
    store: LedgerStore, registry: RegistryOnDisk, better: Path, best: Path
) -> tuple[str, str]:
    """Two bundles that were promoted one after the other."""
    for bundle in (better, best):
        registry.register(bundle)
    first, second = (promote(store, lambda: registry, n, "kim", "").bundle for n in ("1", "2"))
    return first, second


def test_a_roll_back_goes_to_the_bundle_before(
    store: LedgerStore, models: ModelStore, registry: RegistryOnDisk, promoted: tuple[str, str]
) -> None:
    done = roll_back(store, lambda: registry, "lee", "sevens are read as ones")
    assert (done.bundle, done.replaced, done.version) == (*promoted, 1)
    newest = history.rows(store)[-1]
    assert (newest.kind, newest.actor, newest.reason) == (
        "rollback",
        "lee",
        "sevens are read as ones",
    )
    assert registry.aliases()["champion"] == 1
    assert "previous" not in registry.aliases(), "the shipped bundle has no number"


def test_a_second_roll_back_goes_further_back(
    store: LedgerStore, registry: RegistryOnDisk, promoted: tuple[str, str], shipped: str
) -> None:
    roll_back(store, lambda: registry, "lee", "")
    assert roll_back(store, lambda: registry, "lee", "").bundle == shipped
    with pytest.raises(NowhereToGo):
        roll_back(store, lambda: registry, "lee", "")
    assert "champion" not in registry.aliases()


def test_what_was_rolled_back_can_be_promoted_again(
    store: LedgerStore, registry: RegistryOnDisk, promoted: tuple[str, str]
) -> None:
    roll_back(store, lambda: registry, "lee", "")
    assert promote(store, lambda: registry, "2", "kim", "").bundle == promoted[1]
    assert roll_back(store, lambda: registry, "lee", "").bundle == promoted[0]


def test_a_roll_back_needs_no_registry_and_the_aliases_follow_later(
    store: LedgerStore, registry: RegistryOnDisk, promoted: tuple[str, str], shipped: str
) -> None:
    assert roll_back(store, RegistryAway, "lee", "").bundle == promoted[0]
    assert registry.aliases()["champion"] == 2
    roll_back(store, lambda: registry, "lee", "")
    assert promote(store, lambda: registry, "1", "kim", "").bundle == promoted[0]
    assert registry.aliases()["champion"] == 1


def test_a_broken_target_is_refused_and_the_one_before_it_named(
    store: LedgerStore,
    models: ModelStore,
    registry: RegistryOnDisk,
    promoted: tuple[str, str],
    shipped: str,
) -> None:
    cut_short(models.bundle(promoted[0]) / "digits.onnx")
    with pytest.raises(Unusable, match=f"rollback --to {shipped}"):
        roll_back(store, lambda: registry, "lee", "")
    now = models.current()
    assert now is not None and now.bundle == promoted[1]
    assert roll_back(store, lambda: registry, "lee", "", to=shipped).bundle == shipped


def test_a_missing_target_is_refused(
    store: LedgerStore, models: ModelStore, registry: RegistryOnDisk, promoted: tuple[str, str]
) -> None:
    models.bundle(promoted[0]).rename(models.folder / "elsewhere")
    with pytest.raises(Unusable, match="is not in the model store"):
        roll_back(store, lambda: registry, "lee", "")


def test_the_shipped_bundle_is_never_broken(
    store: LedgerStore, models: ModelStore, registry: RegistryOnDisk, better: Path, shipped: str
) -> None:
    registry.register(better)
    promote(store, lambda: registry, "1", "kim", "")
    cut_short(models.bundle(shipped) / "model.json")
    assert roll_back(store, lambda: registry, "lee", "").bundle == shipped


def test_only_what_served_can_be_gone_back_to(
    store: LedgerStore, registry: RegistryOnDisk, promoted: tuple[str, str]
) -> None:
    with pytest.raises(NowhereToGo, match="these did"):
        roll_back(store, lambda: registry, "lee", "", to="0123456789ab")


def test_without_a_promotion_there_is_nothing_to_go_back_to(
    store: LedgerStore, registry: RegistryOnDisk
) -> None:
    with pytest.raises(NowhereToGo, match="nothing was promoted"):
        roll_back(store, lambda: registry, "lee", "")

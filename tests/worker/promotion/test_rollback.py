# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from bundle_makers import cut_short
from ledger import LedgerStore, ledger_over
from registry_on_disk import RegistryAway, RegistryOnDisk

from worker import Settings, open_store, upgrade
from worker.promotion import ModelStore, NowhereToGo, Unusable, history, promote, roll_back


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory, better: Path, best: Path) -> Path:
    """A service's data and its registry, after two bundles were promoted one after the other."""
    folder = tmp_path_factory.mktemp("past")
    settings = Settings(data_dir=folder / "var", redis_url="redis://127.0.0.1:1/0")
    upgrade(settings)
    registry = RegistryOnDisk(folder / "registry")
    with closing(open_store(settings)) as store:
        for bundle in (better, best):
            registry.register(bundle)
            promote(store, lambda: registry, "challenger", "kim", "")
    return folder


@pytest.fixture
def registry(past: Path, tmp_path: Path) -> RegistryOnDisk:
    return RegistryOnDisk(shutil.copytree(past / "registry", tmp_path / "registry"))


@pytest.fixture
def store(past: Path, settings: Settings) -> Iterator[LedgerStore]:
    shutil.copytree(past / "var", settings.data_dir)
    with closing(open_store(settings)) as opened:
        yield ledger_over(opened)


@pytest.fixture
def promoted(store: LedgerStore) -> tuple[str, str]:
    """The two bundles."""
    first, second = (row.bundle for row in history.rows(store))
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
    store: LedgerStore, models: ModelStore, registry: RegistryOnDisk, shipped: str
) -> None:
    cut_short(models.bundle(shipped) / "model.json")
    assert roll_back(store, lambda: registry, "lee", "", to=shipped).bundle == shipped


def test_only_what_served_can_be_gone_back_to(
    store: LedgerStore, registry: RegistryOnDisk, promoted: tuple[str, str]
) -> None:
    with pytest.raises(NowhereToGo, match="these did"):
        roll_back(store, lambda: registry, "lee", "", to="0123456789ab")

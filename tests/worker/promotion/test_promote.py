# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from bundle_makers import cut_short, with_card
from ledger import LedgerStore
from registry_on_disk import FAILED, RegistryAway, RegistryOnDisk

from worker.promotion import (
    AlreadyServed,
    Busy,
    ModelStore,
    NotPassed,
    Step,
    Unreachable,
    Unusable,
    history,
    promote,
)


def served(models: ModelStore) -> str | None:
    found = models.current()
    return found.bundle if found else None


def test_a_version_that_passed_comes_into_service(
    store: LedgerStore, models: ModelStore, registry: RegistryOnDisk, better: Path, shipped: str
) -> None:
    registry.register(better)
    steps: list[Step] = []
    done = promote(store, lambda: registry, "1", "kim", "reads hooked ones", tell=steps.append)
    assert steps == list(Step)
    assert served(models) == done.bundle != shipped
    [row] = history.rows(store)
    assert (row.bundle, row.version, row.replaced) == (done.bundle, 1, shipped)
    assert (row.actor, row.reason, row.at) == ("kim", "reads hooked ones", done.at)
    assert row.verdict == {"passed": True, "counts": {"wins": 30, "losses": 4, "p": 0.00001}}
    assert registry.aliases() == {"challenger": 1, "champion": 1}


def test_the_challenger_is_promoted_by_its_alias(
    store: LedgerStore, models: ModelStore, registry: RegistryOnDisk, better: Path, best: Path
) -> None:
    registry.register(better)
    registry.register(best)
    assert promote(store, lambda: registry, "challenger", "kim", "").version == 2


def test_champion_and_previous_move_together(
    store: LedgerStore, models: ModelStore, registry: RegistryOnDisk, better: Path, best: Path
) -> None:
    for bundle in (better, best):
        registry.register(bundle)
        promote(store, lambda: registry, "challenger", "kim", "")
    assert registry.aliases() == {"challenger": 2, "champion": 2, "previous": 1}


def test_what_the_gate_refused_is_not_promoted(
    store: LedgerStore, models: ModelStore, registry: RegistryOnDisk, better: Path
) -> None:
    registry.register(better, FAILED)
    with pytest.raises(NotPassed, match="Slice 7 lost 9 photos"):
        promote(store, lambda: registry, "1", "kim", "I like it")
    assert served(models) is None
    assert history.rows(store) == []


def test_whoever_forces_it_is_on_record(
    store: LedgerStore, models: ModelStore, registry: RegistryOnDisk, better: Path
) -> None:
    registry.register(better, FAILED)
    done = promote(store, lambda: registry, "1", "kim", "the slice is mislabelled", force=True)
    assert served(models) == done.bundle
    [row] = history.rows(store)
    assert row.verdict is not None and row.verdict["passed"] is False
    assert row.reason == "the slice is mislabelled"


def test_a_folder_the_gate_has_not_seen_needs_force_and_no_registry(
    store: LedgerStore, models: ModelStore, better: Path
) -> None:
    with pytest.raises(NotPassed, match="the gate has not seen it"):
        promote(store, RegistryAway, str(better), "kim", "")
    promote(store, RegistryAway, str(better), "kim", "measured by hand", force=True)
    assert served(models) is not None


def test_no_force_lets_a_broken_bundle_through(
    store: LedgerStore, models: ModelStore, better: Path, tmp_path: Path
) -> None:
    broken = Path(shutil.copytree(better, tmp_path / "broken"))
    cut_short(broken / "digits.onnx")
    with pytest.raises(Unusable, match="cut short"):
        promote(store, RegistryAway, str(broken), "kim", "", force=True)
    assert served(models) is None


def test_promoting_what_serves_says_so(
    store: LedgerStore, models: ModelStore, registry: RegistryOnDisk, better: Path
) -> None:
    registry.register(better)
    promote(store, lambda: registry, "1", "kim", "")
    with pytest.raises(AlreadyServed):
        promote(store, lambda: registry, "1", "kim", "")
    assert len(history.rows(store)) == 1


def test_promoting_again_puts_right_what_workers_refused(
    store: LedgerStore, models: ModelStore, registry: RegistryOnDisk, better: Path
) -> None:
    registry.register(better)
    bundle = promote(store, lambda: registry, "1", "kim", "").bundle
    cut_short(models.bundle(bundle) / "digits.onnx")
    models.refuse(bundle, "digits.onnx is not the file that was published")
    promote(store, lambda: registry, "1", "kim", "the disk was bad")
    assert models.refusals() == {}
    assert models.hashes(bundle)
    assert (models.bundle(bundle) / "digits.onnx").read_bytes() == (
        better / "digits.onnx"
    ).read_bytes()


def test_a_published_bundle_never_changes(
    store: LedgerStore, models: ModelStore, registry: RegistryOnDisk, better: Path, tmp_path: Path
) -> None:
    registry.register(better)
    promote(store, lambda: registry, "1", "kim", "")
    daring = Path(shutil.copytree(better, tmp_path / "daring"))
    with_card(daring, lambda card: card["thresholds"].update(sure=0.9))
    card = models.bundle(served(models) or "") / "model.json"
    before = card.read_bytes()
    registry.register(daring)
    with pytest.raises(Unusable, match="bundles there never change"):
        promote(store, lambda: registry, "2", "kim", "")
    assert card.read_bytes() == before


@pytest.mark.parametrize(
    ("named", "words"),
    [("7", "no version 7"), ("challenger", "no version with the alias"), ("x/y", "no folder")],
)
def test_what_there_is_not_is_named(
    store: LedgerStore, registry: RegistryOnDisk, named: str, words: str
) -> None:
    with pytest.raises(Unusable, match=words):
        promote(store, lambda: registry, named, "kim", "")


def test_a_version_needs_the_registry(store: LedgerStore, models: ModelStore) -> None:
    with pytest.raises(Unreachable, match="the registry's database is away"):
        promote(store, RegistryAway, "1", "kim", "")
    assert served(models) is None


def test_one_promotion_at_a_time(
    store: LedgerStore, models: ModelStore, registry: RegistryOnDisk, better: Path
) -> None:
    registry.register(better)
    with models.lock(), pytest.raises(Busy, match="another promotion"):
        promote(store, lambda: registry, "1", "kim", "")
    assert promote(store, lambda: registry, "1", "kim", "").version == 1

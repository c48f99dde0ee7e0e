# SPDX-License-Identifier: Apache-2.0
"""`kill -9` between any two steps of a promotion, and of the copying; then it is repeated."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from ledger import LedgerStore
from registry_on_disk import RegistryOnDisk

from worker.promotion import AlreadyServed, Busy, ModelStore, Step, history, promote, roll_back
from worker.promotion.checks import checked

HERE = Path(__file__).parent


def run(step: str, registry: RegistryOnDisk, store: LedgerStore) -> int:
    command = [sys.executable, str(HERE / "promote_and_die.py"), step, str(registry.folder)]
    paths = os.pathsep.join([str(HERE), *sys.path])
    env = {"PYTHONPATH": paths, "SONSORI_DATA_DIR": str(store.settings.data_dir)}
    return subprocess.run(command, env=os.environ | env, check=False).returncode


@pytest.mark.parametrize("step", list(Step))
def test_a_promotion_killed_after_any_step_can_be_repeated(
    step: Step,
    store: LedgerStore,
    models: ModelStore,
    registry: RegistryOnDisk,
    better: Path,
    shipped: str,
) -> None:
    registry.register(better)
    assert run(step, registry, store) == -signal.SIGKILL
    now = models.current()
    assert (now is not None) == (step in (Step.SERVED, Step.RECORDED, Step.ALIASED))
    if now is not None:
        assert checked(models.bundle(now.bundle), now.files).version == now.bundle
    _repeat(store, registry)
    [row] = history.rows(store)
    assert (row.version, row.replaced) == (1, shipped)
    now = models.current()
    assert now is not None and now.at == row.at
    assert roll_back(store, lambda: registry, "lee", "").bundle == shipped
    assert "champion" not in registry.aliases()


def _repeat(store: LedgerStore, registry: RegistryOnDisk) -> None:
    with suppress(AlreadyServed):
        promote(store, lambda: registry, "1", "kim", "again")


def test_a_bundle_half_copied_by_a_killed_promotion_is_not_in_the_way(
    store: LedgerStore, models: ModelStore, registry: RegistryOnDisk, better: Path
) -> None:
    registry.register(better)
    bundle = registry.versions()[0].bundle
    partial = models.bundle(f".{bundle}.partial")
    partial.mkdir(parents=True)
    (partial / "digits.onnx").write_bytes(b"half")
    promote(store, lambda: registry, "1", "kim", "")
    assert not partial.exists()


def test_of_two_promotions_at_once_each_is_whole_or_refused(
    store: LedgerStore, models: ModelStore, registry: RegistryOnDisk, better: Path, best: Path
) -> None:
    registry.register(better)
    registry.register(best)

    def attempt(named: str) -> bool:
        try:
            promote(store, lambda: registry, named, "kim", "")
        except Busy:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(attempt, ["1", "2"]))
    rows, now = history.rows(store), models.current()
    assert len(rows) == sum(outcomes) >= 1
    assert now is not None and now.bundle == rows[-1].bundle

# SPDX-License-Identifier: Apache-2.0
"""Promotions with the real registry: MLflow on SQLite."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from ledger import LedgerStore

from training.gate.readings import preprocessing
from training.tracking import Memory
from worker import Settings
from worker.promotion import NotPassed, Unreachable, opener, promote, roll_back
from worker.promotion.overview import look
from worker.promotion.registry import within

COUNTS = {"wins": 30, "losses": 4, "p": 1e-5}
PASSED = {"passed": True, "reasons": ["Wins 30, loses 4."], "counts": COUNTS}


@pytest.fixture
def memory(settings: Settings) -> Memory:
    opened = Memory(settings.tracking(), settings.artifacts(), settings.registered_model)
    opened.migrate()
    return opened


def test_a_registered_model_is_promoted_and_rolled_back(
    settings: Settings, store: LedgerStore, memory: Memory, better: Path, shipped: str
) -> None:
    verdict = {**PASSED, "narrowly_failed": False, "preprocessing": preprocessing()}
    version = memory.register(better, _run(memory), verdict)
    memory.alias(version, "challenger")
    served = promote(store, opener(settings), "challenger", "kim", "it passed")
    assert served.version == version
    assert memory.aliases() == {"challenger": version, "champion": version}
    [known] = look(store, opener(settings)).versions
    assert known.verdict == "passed: 30 won, 4 lost, p 1e-05"
    assert roll_back(store, opener(settings), "lee", "").bundle == shipped
    assert memory.aliases() == {"challenger": version}


def test_a_verdict_of_other_code_does_not_count(
    settings: Settings, store: LedgerStore, memory: Memory, better: Path
) -> None:
    memory.register(better, _run(memory), {**PASSED, "preprocessing": "0" * 64})
    with pytest.raises(NotPassed, match="another state of the code"):
        promote(store, opener(settings), "1", "kim", "")


def test_a_registry_without_tables_says_what_to_do(settings: Settings, store: LedgerStore) -> None:
    with pytest.raises(Unreachable, match="sonsori db upgrade"):
        promote(store, opener(settings), "1", "kim", "")


def test_a_registry_that_does_not_answer_is_not_waited_for() -> None:
    go_on = threading.Event()
    with pytest.raises(Unreachable, match="no answer"):
        within(0.01, lambda: go_on.wait(60))
    go_on.set()


def _run(memory: Memory) -> str:
    return memory.begin("key", "retraining 1")

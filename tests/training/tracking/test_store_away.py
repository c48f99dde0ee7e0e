# SPDX-License-Identifier: Apache-2.0
"""MLflow's database is not there, or not ready: one clear error, or patience."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fresh_store import AT_ONCE, Fresh

from training.tracking import Memory, MemoryAway, NotMigrated, Patience
from training.tracking.away import WAITING


def patient(memory_at: Path, say: list[str], back: Path | None = None) -> Memory:
    """Waits for the store; once it has said so, what was moved away to `back` is put back."""

    def told(words: str) -> None:
        say.append(words)
        if back and len(say) == 3:
            back.rename(memory_at)

    url = f"sqlite:///{memory_at}"
    return Memory(url, memory_at.parent / "artifacts", "trial", patience=Patience(30, told))


def test_processes_that_migrate_at_once_all_succeed(fresh: Fresh) -> None:
    assert fresh.statuses == [0] * AT_ONCE, fresh.errors
    Memory(f"sqlite:///{fresh.database}", fresh.database.parent, "sonsori").check()


def test_migrating_again_changes_nothing(memory: Memory) -> None:
    run = memory.begin("key", "retraining 1")
    memory.migrate()
    assert [one.id for one in memory.running()] == [run]


def test_a_store_that_is_not_there_is_one_clear_error(tmp_path: Path) -> None:
    memory = Memory(f"sqlite:///{tmp_path / 'none.db'}", tmp_path, "trial")
    with pytest.raises(MemoryAway, match="sonsori db upgrade"):
        memory.begin("key", "retraining 1")
    assert not (tmp_path / "none.db").exists()


def test_a_store_without_tables_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    said: list[str] = []
    with pytest.raises(NotMigrated, match="sonsori db upgrade"):
        patient(tmp_path / "empty.db", said).check()
    assert said == []


def test_a_database_that_answers_nonsense_is_away(memory: Memory, database: Path) -> None:
    database.write_bytes(b"no database " * 1000)
    with pytest.raises(MemoryAway):
        memory.begin("key", "retraining 1")


def test_an_error_names_no_password(tmp_path: Path) -> None:
    memory = Memory("postgresql+psycopg://me:secret@127.0.0.1:1/mlflow", tmp_path, "trial")
    with pytest.raises(MemoryAway) as caught:
        memory.check()
    assert "secret" not in str(caught.value)


def test_a_store_that_comes_back_is_written_to(memory: Memory, database: Path) -> None:
    away = database.rename(database.with_name("away.db"))
    said: list[str] = []
    run = patient(database, said, back=away).begin("key", "retraining 1")
    assert said == [WAITING] * 3
    assert [one.id for one in memory.running()] == [run]


def test_a_store_that_goes_away_between_two_writes_is_waited_for(
    memory: Memory, database: Path
) -> None:
    away, said = database.with_name("away.db"), list[str]()
    waiting = patient(database, said, back=away)
    run = waiting.begin("key", "retraining 1")
    database.rename(away)
    waiting.epoch(run, 1, {"loss": 0.5})
    assert said == [WAITING] * 3
    assert memory.curves(run) == {"loss": [(1, 0.5)]}


def test_patience_has_an_end(tmp_path: Path) -> None:
    memory = Memory(f"sqlite:///{tmp_path / 'none.db'}", tmp_path, "trial", patience=Patience(0.3))
    with pytest.raises(MemoryAway):
        memory.check()


def test_remembering_needs_no_torch_and_no_pandas(fresh: Fresh) -> None:
    """Only full MLflow, for its pages, brings pandas."""
    code = (
        "import sys; sys.modules['pandas'] = sys.modules['torch'] = None\n"
        "from pathlib import Path\nfrom training.tracking import Memory\n"
        "import training.tracking.package\n"
        "Memory(sys.argv[1], Path('.'), 'sonsori').check()"
    )
    args = [sys.executable, "-c", code, f"sqlite:///{fresh.database}"]
    assert subprocess.run(args, capture_output=True, text=True).stderr == ""

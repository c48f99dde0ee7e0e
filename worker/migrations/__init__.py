# SPDX-License-Identifier: Apache-2.0
"""The tables' history (Alembic), and `upgrade`, which brings a database up to date."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from filelock import FileLock

from worker.settings import Settings
from worker.store import open_engine

LOCK_TIMEOUT_S = 120


def upgrade(settings: Settings) -> None:
    """Bring the database to the newest version; nothing to do is fine.

    Run once before the processes start. A file lock keeps two of them on one machine apart.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings)
    try:
        lock = FileLock(settings.data_dir / "upgrade.lock", timeout=LOCK_TIMEOUT_S)
        with lock, engine.begin() as connection:
            config = alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config

# SPDX-License-Identifier: Apache-2.0
"""A small stand-in for MNIST: stroke-drawn digits in the same format. Real MLflow stores."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fresh_store import AT_ONCE, MIGRATE, Fresh

from training.glyphs import Glyphs
from training.synthesis.characters import Sources, make_sources
from training.synthesis.hand import draw_hand, write
from training.synthesis.pen import Pen, PenKind, trace
from vision.glyph import to_glyph

if TYPE_CHECKING:
    from training.tracking import Memory


def draw_digits(count: int, seed: int) -> Glyphs:
    """`count` stroke-drawn digits, as MNIST would hold them."""
    random = np.random.default_rng(seed)
    pen = Pen(PenKind.FELT, 0.12, 0.0, 0.0, 0.0)
    labels = random.integers(0, 10, count)
    images = []
    for label in labels:
        ink, _ = trace(write(str(label), draw_hand(random), random), 30.0, pen, random)
        images.append(np.round(to_glyph(ink) * 255).astype(np.uint8))
    return Glyphs(np.stack(images), labels.astype(np.int64))


@pytest.fixture(scope="session")
def digits() -> Glyphs:
    return draw_digits(200, seed=5)


@pytest.fixture(scope="session")
def sources(digits: Glyphs) -> Sources:
    """Strokes and a small MNIST, no fonts."""
    return make_sources(digits)


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """Making a store takes seconds, so it is made once, and copied for each test."""
    folder = tmp_path_factory.mktemp("fresh")
    database = folder / "mlflow.db"
    args = [sys.executable, "-c", MIGRATE, f"sqlite:///{database}", str(folder / "artifacts")]
    processes = [subprocess.Popen(args, stderr=subprocess.PIPE, text=True) for _ in range(AT_ONCE)]
    errors = [process.communicate()[1] for process in processes]
    return Fresh(database, [process.returncode for process in processes], errors)


@pytest.fixture
def memory(fresh: Fresh, tmp_path: Path) -> Memory:
    """A migrated memory that nothing was told yet, under a name of its own."""
    from training.tracking import Memory

    database = tmp_path / "memory" / "mlflow.db"
    database.parent.mkdir()
    shutil.copyfile(fresh.database, database)
    memory = Memory(f"sqlite:///{database}", tmp_path / "memory" / "artifacts", "trial")
    memory.migrate()
    return memory


@pytest.fixture
def database(memory: Memory, tmp_path: Path) -> Path:
    return tmp_path / "memory" / "mlflow.db"

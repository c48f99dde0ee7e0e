# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path

import pytest

from worker import Settings


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """A trainer's lease lapses after ten seconds, its heart beats four times in one."""
    return settings.model_copy(update={"lease_s": 2.5})

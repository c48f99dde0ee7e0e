# SPDX-License-Identifier: Apache-2.0
"""The memory of the learning loop, for who has the settings. Imports MLflow only when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.settings import Settings

if TYPE_CHECKING:
    from training.tracking import Memory, Patience


def memory_of(settings: Settings, patience: Patience | None = None) -> Memory:
    """Needs the extra `training`; nothing is asked of MLflow yet."""
    from training.tracking import Memory

    name = settings.registered_model
    return Memory(settings.tracking(), settings.artifacts(), name, patience=patience)

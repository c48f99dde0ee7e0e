# SPDX-License-Identifier: Apache-2.0
"""The memory of the learning loop: runs and the registry, in one MLflow store."""

from __future__ import annotations

from training.tracking.registry import Registry
from training.tracking.runs import Runs


class Memory(Runs, Registry):
    """`Memory(tracking_url, artifacts, model_name)`; see `Store`, `Runs` and `Registry`.

    Every call may raise `MemoryAway`. Nothing is asked of MLflow before the first call.
    """

# SPDX-License-Identifier: Apache-2.0
"""What is remembered of every retraining, in MLflow: its curves, data, verdict and model.

Importing the package imports MLflow (extra `training`): do it inside the function that needs it.
"""

from training.tracking.away import MemoryAway, NotMigrated, Patience
from training.tracking.memory import Memory
from training.tracking.registry import Alias, BundleDamaged, Version
from training.tracking.runs import Finished, Running

__all__ = [
    "Alias",
    "BundleDamaged",
    "Finished",
    "Memory",
    "MemoryAway",
    "NotMigrated",
    "Patience",
    "Running",
    "Version",
]

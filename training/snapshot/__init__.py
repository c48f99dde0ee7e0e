# SPDX-License-Identifier: Apache-2.0
"""What a retraining learns from, frozen: callers' digits as the networks eat them."""

from training.snapshot.digits import Digits
from training.snapshot.freeze import freeze
from training.snapshot.snapshot import Snapshot, SnapshotError

__all__ = ["Digits", "Snapshot", "SnapshotError", "freeze"]

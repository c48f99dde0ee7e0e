# SPDX-License-Identifier: Apache-2.0
"""The data of a retraining, frozen: a folder named by the digest of what it holds."""

from training.snapshot.folder import Snapshot
from training.snapshot.freezing import freeze

__all__ = ["Snapshot", "freeze"]

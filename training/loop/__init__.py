# SPDX-License-Identifier: Apache-2.0
"""What one retraining is asked to do, what it is given, and how it says where it is."""

from training.loop.plan import Amounts, Plan
from training.loop.pulse import Beat, Pulse, read_beat
from training.loop.result import Ending, Result
from training.loop.takeout import Crop, TakeOut, TestPhoto

__all__ = [
    "Amounts",
    "Beat",
    "Crop",
    "Ending",
    "Plan",
    "Pulse",
    "Result",
    "TakeOut",
    "TestPhoto",
    "read_beat",
]

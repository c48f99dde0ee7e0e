# SPDX-License-Identifier: Apache-2.0
"""The steps of a retraining, one function each. They know no Metaflow, and import MLflow when done.

A step may be killed at any moment and done again: what it made before is found, not made twice.
"""

from training.steps.desk import Desk, open_desk
from training.steps.end import end
from training.steps.evaluate import evaluate
from training.steps.gate import gate
from training.steps.parts import Parts
from training.steps.register import register
from training.steps.snapshot import snapshot
from training.steps.start import start
from training.steps.train import train

__all__ = [
    "Desk",
    "Parts",
    "end",
    "evaluate",
    "gate",
    "open_desk",
    "register",
    "snapshot",
    "start",
    "train",
]

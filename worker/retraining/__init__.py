# SPDX-License-Identifier: Apache-2.0
"""Retraining, asked for, started and watched; the training itself is a program of its own.

`ask` and `resume` queue a run, `retrain` trains one, `reap` goes on with what has died,
`ask_when_due` keeps the schedule, `overview` and `look_at` show how far runs are. Nothing here
imports what trains (torch, Metaflow, MLflow).
"""

from worker.retraining.errors import CannotRetrain, UnderWay
from worker.retraining.overview import RunView, look_at, overview
from worker.retraining.reaping import reap
from worker.retraining.runs import ask, resume
from worker.retraining.schedule import ask_when_due
from worker.retraining.takeout import drop_forgotten, drop_old
from worker.retraining.watching import retrain

__all__ = [
    "CannotRetrain",
    "RunView",
    "UnderWay",
    "ask",
    "ask_when_due",
    "drop_forgotten",
    "drop_old",
    "look_at",
    "overview",
    "reap",
    "resume",
    "retrain",
]

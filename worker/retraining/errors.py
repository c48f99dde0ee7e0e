# SPDX-License-Identifier: Apache-2.0
"""What a retraining can end with, or not begin for; each message is a sentence for an operator."""

from __future__ import annotations


class CannotRetrain(Exception):
    """What was asked for is not done: there is no such run, or another one is under way."""


class UnderWay(CannotRetrain):
    """There is a run already, and one at a time is trained."""

    def __init__(self, run_id: int, message: str) -> None:
        super().__init__(message)
        self.run_id = run_id


class CannotTrain(Exception):
    """The run fails, and goes on when somebody has seen to it and resumes it."""


class Interrupted(Exception):
    """The flow was ended from outside, or has died. A new try goes on from where it was."""


class Stopping(Exception):
    """The worker is shutting down. The run goes on when it is back, and no try is lost."""


class LeaseLost(Exception):
    """Somebody else may be training this run by now: nothing more is written about it."""

# SPDX-License-Identifier: Apache-2.0
"""MLflow or its database away: one error for it, and the patience to wait for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_delay,
    wait_exponential,
)

WAITING = "waiting for MLflow"
LONGEST_PAUSE_S = 5.0  # so that the pulse goes on, and little time is lost afterwards

Result = TypeVar("Result")


class MemoryAway(Exception):
    """MLflow or its database cannot be reached. What was asked may be asked again."""


class NotMigrated(MemoryAway):
    """The store is there, without tables or with those of another MLflow."""


def silence(words: str) -> None:
    """Says nothing."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the memory is waited for, in seconds, and whom that is told. 0: not at all."""

    limit_s: float = 0.0
    say: Callable[[str], None] = silence


def waiting(call: Callable[[], Result], patience: Patience) -> Result:
    """`call()`, again and again while the memory is away. Raises its `MemoryAway` at the end."""

    def say(state: RetryCallState) -> None:
        patience.say(WAITING)

    tries = Retrying(
        retry=retry_if_exception(_passes),
        stop=stop_after_delay(patience.limit_s),
        wait=wait_exponential(multiplier=0.2, max=LONGEST_PAUSE_S),
        before_sleep=say,
        reraise=True,
    )
    return tries(call)


def _passes(error: BaseException) -> bool:
    return isinstance(error, MemoryAway) and not isinstance(error, NotMigrated)

# SPDX-License-Identifier: Apache-2.0
"""The model registry as promotions see it, and patience with it that ends.

The registry may be away at any time. What serves does not depend on it: only fetching a bundle by
its number does.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

from worker.memory import memory_of
from worker.promotion.checks import Unusable
from worker.settings import Settings

PATIENCE_S = 30.0  # with what an operator waits for
SHORT_PATIENCE_S = 3.0  # with what can be done later: aliases

T = TypeVar("T")


class Unreachable(Exception):
    """The registry does not answer, or is not installed; the message says which."""


class Registered(Protocol):
    """A version in the registry. `bundle` is the bundle's own version; `tags` hold the gate's
    verdict, value by value, as JSON or text."""

    @property
    def number(self) -> int: ...
    @property
    def bundle(self) -> str: ...
    @property
    def tags(self) -> Mapping[str, str]: ...
    @property
    def at(self) -> datetime: ...


class Registry(Protocol):
    """The part of `training.tracking.Memory` that promotions use."""

    def versions(self) -> Sequence[Registered]: ...
    def aliases(self) -> Mapping[str, int]: ...
    def alias(self, version: int, name: str) -> None: ...
    def unalias(self, name: str) -> None: ...
    def fetch(self, version: int, folder: Path) -> None:
        """Put the bundle into `folder`, which is not there yet."""
        ...


OpenRegistry = Callable[[], Registry]


def within(patience_s: float, ask: Callable[[], T]) -> T:
    """What `ask` returns. Raises its `Unusable`, or `Unreachable` when it fails otherwise or takes
    too long: a database that is away is tried for minutes by those who speak to it."""
    answers: list[T] = []
    errors: list[Exception] = []

    def work() -> None:
        try:
            answers.append(ask())
        except Exception as error:  # of MLflow, of the database, of the network
            errors.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(patience_s)
    if answers:
        return answers[0]
    if errors and isinstance(errors[0], (Unreachable, Unusable)):
        raise errors[0]
    why = f"{type(errors[0]).__name__}: {_line(errors[0])}" if errors else "no answer"
    raise Unreachable(f"the model registry cannot be reached ({why})")


def opener(settings: Settings) -> OpenRegistry:
    """How to reach the registry of `settings`; nothing is imported or opened before it is asked."""

    def open_registry() -> Registry:
        try:
            return memory_of(settings)
        except ImportError as error:
            raise Unreachable(
                "the model registry needs MLflow: pip install 'sonsori[training]'"
            ) from error

    return open_registry


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]

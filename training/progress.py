# SPDX-License-Identifier: Apache-2.0
"""Progress without printing: library code talks to a protocol, the outermost layer picks one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Protocol, Self, TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

Item = TypeVar("Item")


class ProgressBar(Protocol):
    """A named job of known length; `note` is a short text beside the bar."""

    def begin(self, name: str, total: int) -> None: ...

    def advance(self, steps: int = 1, note: str = "") -> None: ...


class NullProgress:
    """Shows nothing: for tests and for runs without a terminal."""

    def begin(self, name: str, total: int) -> None:
        """Ignores the job."""

    def advance(self, steps: int = 1, note: str = "") -> None:
        """Ignores the step."""


def with_bar(items: Sequence[Item], name: str, progress: ProgressBar | None) -> Iterator[Item]:
    """`items` one after the other, a job of that `name`: each counts when the next is asked for."""
    progress = progress or NullProgress()
    progress.begin(name, len(items))
    for item in items:
        yield item
        progress.advance()


class RichProgress:
    """A bar on standard error for each job; use as a context manager."""

    def __init__(self) -> None:
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}"),
            console=Console(stderr=True),
        )

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bars.stop()

    def begin(self, name: str, total: int) -> None:
        self._job = self._bars.add_task(name, total=total, note="")

    def advance(self, steps: int = 1, note: str = "") -> None:
        self._bars.update(self._job, advance=steps)
        if note:
            self._bars.update(self._job, note=note)

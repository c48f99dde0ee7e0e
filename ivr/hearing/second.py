# SPDX-License-Identifier: Apache-2.0
"""A second opinion on what was unclear, thought out in processes of its own.

It never holds a call up: the answer is a `Future`, nothing is queued, and when its processes
have died it is silent for a while. Then what was unclear stays unclear.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Set
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from threading import BoundedSemaphore, Lock
from typing import Protocol

import structlog

from ivr.dialog.types import Heard, Meaning

_FIRST_REST_S, _LONGEST_REST_S = 60.0, 3600.0  # after a death; each in a row doubles it

log = structlog.get_logger(__name__)


class Judge(Protocol):
    """Makes meaning of an utterance, slowly."""

    def judge(self, utterance: bytes) -> Heard: ...


@dataclass(frozen=True, slots=True)
class Considered:
    """A judgement, and how many seconds of a processor it took."""

    heard: Heard
    took_s: float


class Second(Protocol):
    """Who is asked where the first recogniser is not sure."""

    @property
    def languages(self) -> Set[str]: ...

    def warm(self) -> list[Future[Considered]]:
        """Begin to load, unless that has begun; the results tell only when that is done."""

    def ask(self, language: str, utterance: bytes) -> Future[Considered] | None:
        """Whether mu-law at 8 kHz means yes or no; None when nobody is free to say.

        The result may be an exception: then there is no opinion.
        """


class JudgePool:
    """A pool of `processes` judges. `judges` makes one judge a language, in each process; it and
    what it makes are loaded there, so it must be picklable.

    When a process dies, all end, and nobody is asked for a minute; then they begin anew.
    """

    def __init__(
        self,
        judges: Callable[[], dict[str, Judge]],
        languages: Set[str],
        processes: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.languages = languages
        self._judges = judges
        self._processes = processes
        self._executor: ProcessPoolExecutor | None = None  # made late: a server may fork first
        self._lock = Lock()
        self._free = BoundedSemaphore(processes)
        self._clock = clock
        self._off_until_s = clock()
        self._rest_s = _FIRST_REST_S

    def warm(self) -> list[Future[Considered]]:
        """Begin to load, with nobody waiting; until that is done, `ask` finds nobody free."""
        begun = [self._submit(_nothing) for _ in range(self._processes)]
        return [future for future in begun if future is not None]

    def ask(self, language: str, utterance: bytes) -> Future[Considered] | None:
        """As `Second` has it."""
        return self._submit(_judge, language, utterance)

    def close(self) -> None:
        """End the processes; what is being thought about is finished first."""
        if self._executor is not None:
            self._executor.shutdown()

    def _submit(self, work: Callable[..., Considered], *what: object) -> Future[Considered] | None:
        if self._clock() < self._off_until_s or not self._free.acquire(blocking=False):
            return None
        executor = self._started()
        try:
            future = executor.submit(work, *what)
        except BrokenProcessPool as error:
            self._free.release()
            self._rest(executor, error)
            return None
        answer: Future[Considered] = Future()
        future.add_done_callback(lambda done: self._done(executor, done, answer))
        return answer

    def _started(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._executor is None:
                self._executor = ProcessPoolExecutor(
                    self._processes,
                    get_context("spawn"),
                    initializer=_begin,
                    initargs=(self._judges,),
                )
            return self._executor

    def _done(
        self,
        executor: ProcessPoolExecutor,
        done: Future[Considered],
        answer: Future[Considered],
    ) -> None:
        """Pass the result on; whoever sees it finds the judge free again."""
        self._free.release()
        error = done.exception()
        if error is None:
            self._rest_s = _FIRST_REST_S
            answer.set_result(done.result())
            return
        if isinstance(error, BrokenProcessPool):
            self._rest(executor, error)
        else:
            log.error("second_opinion_failed", error=type(error).__name__)
        answer.set_exception(error)

    def _rest(self, executor: ProcessPoolExecutor, error: Exception) -> None:
        """Ask nobody for a while: `executor` has lost a process, which all its work tells of."""
        with self._lock:
            if self._executor is not executor:
                return
            self._executor = None
            rest_s, self._rest_s = self._rest_s, min(2 * self._rest_s, _LONGEST_REST_S)
            self._off_until_s = self._clock() + rest_s
        executor.shutdown(wait=False)
        hint = "its process died: is there memory enough?"
        log.error("second_opinion_off", error=type(error).__name__, for_s=rest_s, hint=hint)


_judges: dict[str, Judge] = {}  # of this process


def _begin(judges: Callable[[], dict[str, Judge]]) -> None:
    _judges.update(judges())


def _nothing() -> Considered:
    return Considered(Heard(Meaning.UNCLEAR, 0.0), 0.0)


def _judge(language: str, utterance: bytes) -> Considered:
    began_s = time.process_time()
    heard = _judges[language].judge(utterance)
    return Considered(heard, time.process_time() - began_s)

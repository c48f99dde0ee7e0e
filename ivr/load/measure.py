# SPDX-License-Identifier: Apache-2.0
"""So many calls at once for so long: how soon each word is answered, and who falls behind."""

from __future__ import annotations

import asyncio
import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from twilio.request_validator import RequestValidator
from websockets.asyncio.client import connect

from ivr.load.caller import FRAME_S, Caller, Measured
from ivr.load.ringing import Exchange
from ivr.load.web import Web
from worker.turnlog import recent_turns

Words = Sequence[Sequence[bytes]]


@dataclass(frozen=True, slots=True)
class Level:
    """What came out for `calls` at once. Delays are from the end of a word to the first sound of
    the answer, in ms; None when none was answered. `behind_frames` are 20 ms of sound not yet
    heard by the service when it heard what was said, `cpu` cores, `late_ms` our own lateness.
    """

    calls: int
    words: int
    unanswered: int
    delay_ms: int | None
    delay_p95_ms: int | None
    behind_frames: float
    behind_p95_frames: float
    cpu: float
    late_p95_ms: float

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Length:
    """For how long each number of calls is held: first to get going, then to measure."""

    warm_up_s: float
    measured_s: float


def measure_level(exchange: Exchange, words: Words, calls: int, length: Length) -> Level:
    """Hold `calls` calls for so long; a caller who is done rings in again."""
    return asyncio.run(_Level(exchange, words, calls, length).measure())


@contextmanager
def elsewhere(core: int) -> Iterator[None]:
    """Keep this process off `core` meanwhile, unless it is the only one there is."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, before - {core} or before)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class _Level:
    def __init__(self, exchange: Exchange, words: Words, calls: int, length: Length) -> None:
        self._exchange = exchange
        self._words = words
        self._calls = calls
        self._length = length
        self._measured = Measured()

    async def measure(self) -> Level:
        web, now = self._exchange.web, asyncio.get_running_loop().time
        until = now() + self._length.warm_up_s + self._length.measured_s
        lines = [asyncio.create_task(self._line(i, until)) for i in range(self._calls)]
        await asyncio.sleep(self._length.warm_up_s)
        self._measured.delays_s.clear()
        self._measured.late_s.clear()
        self._measured.unanswered = 0
        began, cpu_s = time.monotonic(), web.cpu_s()
        await asyncio.gather(*lines)
        took_s = time.monotonic() - began
        return self._level(_behind(web, took_s), (web.cpu_s() - cpu_s) / took_s)

    async def _line(self, index: int, until: float) -> None:
        """One telephone: call after call, all out of step with one another."""
        loop, seed = asyncio.get_running_loop(), index
        await asyncio.sleep(index / self._calls * (FRAME_S + self._length.warm_up_s / 2))
        while loop.time() < until:
            parameters = await asyncio.to_thread(self._exchange.ring_in)
            async with connect(**_address(self._exchange.web)) as socket:
                seed += self._calls
                await Caller(socket, parameters, self._words, self._measured, seed).talk(until)

    def _level(self, behind: Sequence[float], cpu: float) -> Level:
        delays = self._measured.delays_s
        return Level(
            calls=self._calls,
            words=len(delays) + self._measured.unanswered,
            unanswered=self._measured.unanswered,
            delay_ms=round(_percentile(delays, 50) * 1000) if delays else None,
            delay_p95_ms=round(_percentile(delays, 95) * 1000) if delays else None,
            behind_frames=round(_percentile(behind, 50), 1),
            behind_p95_frames=round(_percentile(behind, 95), 1),
            cpu=round(cpu, 2),
            late_p95_ms=round(_percentile(self._measured.late_s, 95) * 1000, 1),
        )


def _address(web: Web) -> dict[str, Any]:
    token = web.settings.twilio_auth_tokens
    signature = RequestValidator(token).compute_signature(web.stream_url, {})
    return {
        "uri": web.stream_url,
        "additional_headers": {"X-Twilio-Signature": signature},
        "compression": None,
        "max_queue": None,
        "open_timeout": 30,
        "proxy": None,
    }


def _behind(web: Web, seconds: float) -> list[float]:
    """The worst lag of each turn in the last `seconds`, in frames, as the service noted it."""
    turns = recent_turns(web.store, seconds / 86_400)
    noted = (turn.data.get("ms", {}).get("behind") for turn in turns if turn.kind == "heard")
    return [ms / (FRAME_S * 1000) for ms in noted if ms is not None]


def _percentile(values: Sequence[float], percent: float) -> float:
    """The value that `percent` of `values` do not exceed; 0 of none."""
    if not values:
        return 0.0
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def measure_levels(
    exchange: Exchange,
    words: Words,
    levels: Sequence[int],
    length: Length,
    tell: Callable[[Level], None],
) -> list[Level]:
    """One level after another; `tell` is given each when it is known."""
    measured = []
    for calls in levels:
        measured.append(measure_level(exchange, words, calls, length))
        tell(measured[-1])
    return measured

# SPDX-License-Identifier: Apache-2.0
"""The time of a call, in ms since the stream began, told by the sound that arrives."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

_PATIENCE_S = 1.0


@dataclass(frozen=True, slots=True)
class Span:
    """From the first to the last of some words, or keys, in ms of the call's clock."""

    began_ms: int
    ended_ms: int


class MediaClock:
    """Goes by the media's timestamps; by the wall once none has come for a second.

    So nothing depends on how fast we work, and a muted or broken line still times out. Never
    goes back.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._began_s = self._heard_at_s = monotonic()
        self._offset_ms = 0  # what the wall added while the media stood still
        self._heard_ms = 0
        self._earliest_ms: float | None = None  # of the wall, before the media's own time
        self.now_ms = 0
        self.lag_ms = 0
        """How late the sound came to us, at worst, since `forget_lag`."""

    @property
    def standing_still(self) -> bool:
        """Whether frames have stopped coming."""
        return self._monotonic() - self._heard_at_s > _PATIENCE_S

    def hear(self, timestamp_ms: int) -> None:
        """A frame came, taken at `timestamp_ms` of the stream."""
        self._heard_at_s = self._monotonic()
        ahead_ms = self.now_ms - (timestamp_ms + self._offset_ms)
        if ahead_ms > 0:
            self._offset_ms += ahead_ms
        self._heard_ms = self.now_ms = timestamp_ms + self._offset_ms
        self._note_lag()

    def forget_lag(self) -> None:
        """From now on, the worst lag is that of now."""
        self.lag_ms = 0

    def tick(self) -> None:
        """Nothing came: after a second of that, time goes on by itself."""
        if self.standing_still:
            waited_ms = round((self._monotonic() - self._heard_at_s) * 1000)
            self.now_ms = max(self.now_ms, self._heard_ms + waited_ms)

    def _note_lag(self) -> None:
        """The frame that came soonest is taken to have come at once."""
        wall_ms = (self._heard_at_s - self._began_s) * 1000 - self.now_ms
        self._earliest_ms = min(
            wall_ms, wall_ms if self._earliest_ms is None else self._earliest_ms
        )
        self.lag_ms = max(self.lag_ms, round(wall_ms - self._earliest_ms))

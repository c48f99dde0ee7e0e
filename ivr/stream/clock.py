# SPDX-License-Identifier: Apache-2.0
"""The time of a call, in ms since the stream began, told by the sound that arrives."""

from __future__ import annotations

import time
from collections.abc import Callable

_PATIENCE_S = 1.0


class MediaClock:
    """Goes by the media's timestamps; by the wall once none has come for a second.

    So nothing depends on how fast we work, and a muted or broken line still times out. Never
    goes back.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._heard_at_s = monotonic()
        self._offset_ms = 0  # what the wall added while the media stood still
        self._heard_ms = 0
        self.now_ms = 0

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

    def tick(self) -> None:
        """Nothing came: after a second of that, time goes on by itself."""
        if self.standing_still:
            waited_ms = round((self._monotonic() - self._heard_at_s) * 1000)
            self.now_ms = max(self.now_ms, self._heard_ms + waited_ms)

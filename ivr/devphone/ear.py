# SPDX-License-Identifier: Apache-2.0
"""When a listener takes it that the service has finished speaking."""

from __future__ import annotations

import numpy as np

from ivr.audio import decode
from ivr.devphone.playout import FRAME_S, QUIET_FRAME

_LOUD = 0.02  # a peak of -34 dBFS: speech, not line noise
_ANSWER_AFTER_S = 0.3


class Ear:
    """Follows the service's sound in frames of 20 ms."""

    def __init__(self) -> None:
        self._heard = False
        self._quiet_frames = 0

    @property
    def finished(self) -> bool:
        """Something was said since `forget`, and nothing follows."""
        return self._heard and self.quiet_s >= _ANSWER_AFTER_S

    @property
    def quiet_s(self) -> float:
        """How long nothing has been said."""
        return self._quiet_frames * FRAME_S

    def hear(self, frame: bytes, more: bool) -> None:
        """20 ms of the service's sound; `more` tells whether further sound is waiting."""
        loud = frame != QUIET_FRAME and bool(np.abs(decode(frame)).max() > _LOUD)
        self._heard |= loud
        self._quiet_frames = 0 if loud or more else self._quiet_frames + 1

    def forget(self) -> None:
        """What was said has been answered."""
        self._heard, self._quiet_frames = False, 0

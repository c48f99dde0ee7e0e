# SPDX-License-Identifier: Apache-2.0
"""Samples as numbers: float32 in -1..1 inside, 16-bit integers at the edges."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Pcm16 = NDArray[np.int16]

PHONE_HZ = 8000
"""Sample rate of a phone line and of Twilio's media streams."""


def from_pcm16(pcm: Pcm16) -> Samples:
    """16-bit samples as floats."""
    return pcm.astype(np.float32) / np.float32(32768)


def to_pcm16(samples: Samples) -> Pcm16:
    """Floats as 16-bit samples; what is louder than full scale is clipped."""
    return np.clip(np.round(samples * np.float32(32768)), -32768, 32767).astype(np.int16)

# SPDX-License-Identifier: Apache-2.0
"""The sound of waiting: soft and short, so that a silent line is not taken for a dead one."""

from __future__ import annotations

from functools import cache

import numpy as np

from ivr.audio import PHONE_HZ, encode

WORKING_EVERY_MS = 3000
_TONE_HZ = 520
_TONE_S = 0.12
_LEVEL = 0.04  # -31 dBFS: under any speech


@cache
def working_tone() -> bytes:
    """One soft tone, mu-law at 8 kHz, that swells and fades."""
    time = np.arange(int(PHONE_HZ * _TONE_S)) / PHONE_HZ
    swell = np.sin(np.pi * time / _TONE_S)
    return encode((_LEVEL * swell * np.sin(2 * np.pi * _TONE_HZ * time)).astype(np.float32))

# SPDX-License-Identifier: Apache-2.0
"""What the reader of speech sounds sees: 40 mel bands of a phone line, a frame each 10 ms."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float32]

HZ = 8000
BANDS = 40
FRAME_S = 0.01
_WINDOW, _STEP, _FFT = 200, 80, 256
_LOWEST_HZ, _HIGHEST_HZ = 150.0, 3700.0
_PRE_EMPHASIS = 0.9
_FLOOR = 1e-4


def features(sound: Floats) -> Floats:
    """[frames, 40] log energies of 8 kHz samples in -1..1, of mean 0 and about variance 1."""
    risen = np.append(sound[:1], sound[1:] - _PRE_EMPHASIS * sound[:-1])
    if risen.size < _WINDOW:
        risen = np.pad(risen, (0, _WINDOW - risen.size))
    frames = np.lib.stride_tricks.sliding_window_view(risen, _WINDOW)[::_STEP]
    window = np.hamming(_WINDOW).astype(np.float32)
    power = np.square(np.abs(np.fft.rfft(frames * window, _FFT)))
    logs = np.log(power @ _bank().T + _FLOOR).astype(np.float32)
    result: Floats = (logs - logs.mean()) / (logs.std() + np.float32(0.1))
    return result


@lru_cache(maxsize=1)
def _bank() -> Floats:
    """[40, bins] triangles, evenly spaced in mel."""
    edges = np.linspace(_mel(_LOWEST_HZ), _mel(_HIGHEST_HZ), BANDS + 2)
    bins = _mel(np.fft.rfftfreq(_FFT, 1 / HZ))
    rising = (bins - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - bins) / np.diff(edges)[1:, None]
    return np.clip(np.minimum(rising, falling), 0, None).astype(np.float32)


def _mel(hz: ArrayLike) -> NDArray[np.float64]:
    return np.asarray(1127 * np.log1p(np.asarray(hz) / 700))

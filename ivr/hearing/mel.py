# SPDX-License-Identifier: Apache-2.0
"""What Whisper looks at: sound as a log-mel spectrogram, computed as its authors did.

Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision" (2022), 2.2.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ivr.audio import Samples

MEL_HZ = 16000
FRAMES_A_SECOND = 100
_BANDS = 80
_WINDOW = 400
_STEP = MEL_HZ // FRAMES_A_SECOND
_RANGE = 8.0  # powers of ten below the loudest that still count


def log_mel(sound: Samples, seconds: float) -> Samples:
    """[80, 100 * seconds] of `sound` at 16 kHz, silence behind it or its end cut off."""
    frames = round(seconds * FRAMES_A_SECOND)
    fitted = np.zeros(frames * _STEP, dtype=np.float32)
    fitted[: min(sound.size, fitted.size)] = sound[: fitted.size]
    padded = np.pad(fitted, _WINDOW // 2, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_STEP][:frames]
    power = np.abs(np.fft.rfft(windows * np.hanning(_WINDOW + 1)[:-1])) ** 2
    loudness = np.log10(np.maximum(_filters() @ power.T, 1e-10))
    limited = np.maximum(loudness, loudness.max() - _RANGE)
    return np.ascontiguousarray((limited + 4) / 4, dtype=np.float32)


@lru_cache(maxsize=1)
def _filters() -> NDArray[np.float64]:
    """[80, 201]: triangles evenly spaced in mel over 0 to 8 kHz, each of unit area."""
    bins = np.linspace(0, MEL_HZ / 2, _WINDOW // 2 + 1)
    edges = _hz(np.linspace(0, _mel(MEL_HZ / 2), _BANDS + 2))
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    area: NDArray[np.float64] = (edges[2:] - edges[:-2])[:, None] / 2
    triangles: NDArray[np.float64] = np.maximum(0, np.minimum(rising, falling)) / area
    return triangles


# Slaney's scale: straight up to 1 kHz (15 mel), then logarithmic.
_LINEAR_HZ, _LINEAR_MEL, _LOG_STEP = 1000.0, 15.0, np.log(6.4) / 27


def _mel(hz: float) -> float:
    return float(_LINEAR_MEL + np.log(hz / _LINEAR_HZ) / _LOG_STEP)


def _hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    above = _LINEAR_HZ * np.exp(_LOG_STEP * (mel - _LINEAR_MEL))
    return np.where(mel < _LINEAR_MEL, mel * _LINEAR_HZ / _LINEAR_MEL, above)

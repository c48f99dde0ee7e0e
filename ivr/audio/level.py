# SPDX-License-Identifier: Apache-2.0
"""How loud speech is, and making it as loud as wanted."""

from __future__ import annotations

import numpy as np

from ivr.audio.samples import PHONE_HZ, Samples

_FRAME_S = 0.02
_GATE_DB = 20.0  # frames this far below the loudest count as pauses
_CEILING = 0.89  # -1 dBFS: peaks are bent below it


def active_dbfs(samples: Samples, rate_hz: int = PHONE_HZ) -> float:
    """RMS level of what is not pause, in dB of full scale; -120 for silence."""
    frame = int(rate_hz * _FRAME_S)
    whole = samples[: samples.size // frame * frame] if samples.size >= frame else samples
    if whole.size == 0:
        return -120.0
    power = np.square(whole.reshape(-1, min(frame, whole.size)), dtype=np.float64).mean(axis=1)
    loud = power[power >= power.max() * 10 ** (-_GATE_DB / 10)]
    return float(10 * np.log10(max(loud.mean(), 1e-12)))


def set_level(samples: Samples, dbfs: float, rate_hz: int = PHONE_HZ) -> Samples:
    """The same sound at an active level of `dbfs`, its peaks bent under -1 dBFS."""
    level = active_dbfs(samples, rate_hz)
    if level <= -90:
        return samples
    louder = samples * np.float32(10 ** ((dbfs - level) / 20))
    return _bend_peaks(louder)


def _bend_peaks(samples: Samples) -> Samples:
    """Soft limit: untouched below half the ceiling, never above it."""
    knee = _CEILING / 2
    over = np.maximum(np.abs(samples) - knee, 0)
    bent = knee + (_CEILING - knee) * np.tanh(over / (_CEILING - knee))
    return np.where(over > 0, np.sign(samples) * bent, samples).astype(np.float32)

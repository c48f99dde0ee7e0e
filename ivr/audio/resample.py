# SPDX-License-Identifier: Apache-2.0
"""Changing sample rates and cutting bands with windowed-sinc filters."""

from __future__ import annotations

from functools import lru_cache
from math import ceil, gcd

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from ivr.audio.samples import PHONE_HZ, Samples

_ZERO_CROSSINGS = 16  # on each side of a tap's centre: 60 dB down a twelfth above the cut-off
_KAISER_BETA = 7.0
_ROLL_OFF = 0.94  # cut-off as a share of the lower Nyquist frequency


def resample(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    """The same sound at another rate, band-limited, without delay.

    One windowed sinc a phase (polyphase): output n sits at n * from_hz / to_hz in the input.
    """
    if from_hz == to_hz or samples.size == 0:
        return samples
    common = gcd(from_hz, to_hz)
    up, down = to_hz // common, from_hz // common
    taps, half = _polyphase(up, down)
    positions = np.arange(-(-samples.size * up // down)) * down
    windows = sliding_window_view(np.pad(samples, half), 2 * half + 1)
    chosen = windows[np.minimum(positions // up, samples.size - 1)]
    result: Samples = np.einsum("nk,nk->n", chosen, taps[positions % up]).astype(np.float32)
    return result


@lru_cache(maxsize=16)
def _polyphase(up: int, down: int) -> tuple[NDArray[np.float32], int]:
    """(`up` filters of 2 * half + 1 taps, half), each of unit gain at 0 Hz."""
    cut_off = min(1.0, up / down) * _ROLL_OFF
    half = ceil(_ZERO_CROSSINGS / cut_off)
    offsets = np.arange(-half, half + 1)[None, :] - (np.arange(up) / up)[:, None]
    taps = _sinc(offsets, cut_off, half + 1)
    return (taps / taps.sum(axis=1, keepdims=True)).astype(np.float32), half


def band_pass(samples: Samples, low_hz: float, high_hz: float, rate_hz: int = PHONE_HZ) -> Samples:
    """Only what lies between two frequencies, without delay (a 32 ms linear-phase filter)."""
    taps = _band_taps(low_hz, high_hz, rate_hz)
    if samples.size == 0:
        return samples
    return np.convolve(samples, taps)[taps.size // 2 :][: samples.size].astype(np.float32)


@lru_cache(maxsize=16)
def _band_taps(low_hz: float, high_hz: float, rate_hz: int) -> NDArray[np.float32]:
    half = rate_hz * 16 // 1000
    offsets = np.arange(-half, half + 1).astype(np.float64)
    high = _sinc(offsets, 2 * high_hz / rate_hz, half + 1)
    low = _sinc(offsets, 2 * low_hz / rate_hz, half + 1)
    return (high - low).astype(np.float32)


def _sinc(offsets: NDArray[np.float64], cut_off: float, reach: float) -> NDArray[np.float64]:
    """A Kaiser-windowed low-pass; `cut_off` as a share of Nyquist, `reach` in samples."""
    window = np.i0(_KAISER_BETA * np.sqrt(np.maximum(0.0, 1 - (offsets / reach) ** 2)))
    result: NDArray[np.float64] = (
        cut_off * np.sinc(offsets * cut_off) * window / np.i0(_KAISER_BETA)
    )
    return result

# SPDX-License-Identifier: Apache-2.0
"""Our own voice come back: a loudspeaker beside a microphone, a line that sends sound round."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ivr.audio import Samples

ECHO_MS = 1200  # how late it may come: Twilio's buffer, twice the network, the phone
_ALIKE = 0.35  # of synthetic voices: echoes 0.54 and more, in a hall 0.4; other words up to 0.27
_ORDER = 12  # of the prediction: four formants and the line
_FAINTEST = 1e-4  # of the loudest stretch's energy: fainter ones are no voice


def is_echo(heard: Samples, played: Samples) -> bool:
    """Whether `heard` is somewhere in `played` (8 kHz both), however faint it has become.

    Compares at every delay at once. A voice that says the same words does not follow the waveform;
    what comes back does.
    """
    if heard.size <= _ORDER or played.size < heard.size:
        return False
    return likeness(heard, played) >= _ALIKE


def likeness(heard: Samples, played: Samples) -> float:
    """The largest correlation of `heard` with any stretch of `played` of its length, 0 to 1."""
    inner, outer = _surprise(heard), _surprise(played)
    size = 1 << (outer.size + inner.size).bit_length()
    spectrum = np.fft.rfft(outer, size) * np.conj(np.fft.rfft(inner, size))
    products = np.abs(np.fft.irfft(spectrum, size)[: outer.size - inner.size + 1])
    energy = np.concatenate(([0.0], np.cumsum(np.square(outer))))
    stretches = energy[inner.size :] - energy[: -inner.size]
    own = float(np.square(inner).sum())
    if own == 0 or stretches.max() <= 0:
        return 0.0
    scale = np.sqrt(np.maximum(stretches, _FAINTEST * stretches.max()) * own)
    return float((products / scale).max())


def _surprise(samples: Samples) -> NDArray[np.float64]:
    """What linear prediction leaves: without the formants and the level that all voices share."""
    sound = samples.astype(np.float64)
    lags = np.array([np.dot(sound[: sound.size - k], sound[k:]) for k in range(_ORDER + 1)])
    lags[0] = lags[0] * 1.001 + 1e-9  # a sound without noise could not be solved for
    matrix = lags[np.abs(np.subtract.outer(np.arange(_ORDER), np.arange(_ORDER)))]
    predicted = np.linalg.solve(matrix, lags[1:])
    return np.convolve(sound, np.concatenate(([1.0], -predicted)))[: sound.size]

# SPDX-License-Identifier: Apache-2.0
"""Ways to the ear: other throats, rooms, telephones, people in the background, codecs."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from training.speech.features import HZ, Floats

_SPEECH_DBFS, _HISS_DBFS = -22.0, -62.0
_MU = 255.0
_QUIET_LINES = 0.35  # share without noise
_BABBLES = 0.4  # share with people talking; the rest with a plain noise
_ROOMS = 0.25
_MOBILES = 0.35  # share of calls from mobile phones


def over_a_line(sound: Floats, others: Sequence[Floats], random: np.random.Generator) -> Floats:
    """`sound` (8 kHz) as it may arrive, with up to 0.3 s around it."""
    heard = _levelled(_telephone(_throat(sound, random), random), _SPEECH_DBFS)
    heard = np.pad(heard, (int(random.uniform(200, 2400)), int(random.uniform(800, 2200))))
    if random.random() < _ROOMS:
        heard = _in_a_room(heard, random)
    noise = _levelled(random.standard_normal(heard.size), _HISS_DBFS)
    kind = random.random()
    if kind > _QUIET_LINES:
        ratio_db = random.uniform(3, 28)
        babble = kind < _QUIET_LINES + _BABBLES
        behind = _babble(others, heard.size, random) if babble else _plain(heard.size, random)
        noise = noise + _levelled(behind, _SPEECH_DBFS - ratio_db)
    sent = heard + noise
    return _mu_law(over_the_air(sent) if random.random() < _MOBILES else sent)


def over_the_air(sound: Floats) -> Floats:
    """`sound` as GSM's full-rate codec (13 kbit/s, GSM 06.10) gives it back.

    Raises `ModuleNotFoundError` without the extra `speech-training`.
    """
    import soundfile

    packed = BytesIO()
    soundfile.write(packed, np.clip(sound, -1, 1), HZ, format="WAV", subtype="GSM610")
    packed.seek(0)
    back, _ = soundfile.read(packed, dtype="float32")
    return np.resize(back, sound.size)


def _throat(sound: Floats, random: np.random.Generator) -> Floats:
    """Longer or shorter by up to a fifth, and lower or higher by as much."""
    size = int(sound.size * random.uniform(0.82, 1.18))
    return np.interp(np.linspace(0, sound.size - 1, size), np.arange(sound.size), sound).astype(
        np.float32
    )


def _telephone(sound: Floats, random: np.random.Generator) -> Floats:
    """A band of about 300 to 3400 Hz, duller or sharper."""
    spectrum = np.fft.rfft(sound)
    hz = np.fft.rfftfreq(sound.size, 1 / HZ)
    low, high = random.uniform(200, 330), random.uniform(3200, 3600)
    tilt = 1 + random.uniform(-0.35, 0.35) * np.exp(-2j * np.pi * hz / HZ)
    gain = 1 / (1 + (low / np.maximum(hz, 1)) ** 8) / (1 + (hz / high) ** 30)
    return np.fft.irfft(spectrum * gain * tilt, sound.size).astype(np.float32)


def _in_a_room(sound: Floats, random: np.random.Generator) -> Floats:
    times = np.arange(HZ // 5)
    echo = np.exp(-times / random.uniform(80, 500)) * random.standard_normal(times.size)
    echo *= random.uniform(0.02, 0.12)
    echo[0] = 1
    return np.convolve(sound, echo)[: sound.size].astype(np.float32)


def _babble(others: Sequence[Floats], size: int, random: np.random.Generator) -> Floats:
    """One to seven people."""
    mixed = np.zeros(size, dtype=np.float32)
    for _ in range(int(random.integers(1, 8))):
        other = others[int(random.integers(len(others)))]
        mixed += np.resize(np.roll(other, int(random.integers(other.size))), size)
    return mixed


def _plain(size: int, random: np.random.Generator) -> Floats:
    """White to brown."""
    colour = random.uniform(0, 0.95) ** np.arange(40)
    noise: Floats = np.convolve(random.standard_normal(size), colour)[:size].astype(np.float32)
    return noise


def _levelled(sound: NDArray[np.floating], dbfs: float) -> Floats:
    power = float(np.square(sound, dtype=np.float64).mean())
    gain = 10 ** (dbfs / 20) / max(power, 1e-12) ** 0.5
    levelled: Floats = (sound * gain).astype(np.float32)
    return levelled


def _mu_law(sound: Floats) -> Floats:
    """There and back: 8 bits a sample."""
    clipped = np.clip(sound, -1, 1)
    code = np.sign(clipped) * np.log1p(_MU * np.abs(clipped)) / np.log1p(_MU)
    steps = np.round(code * 127) / 127
    back: Floats = (np.sign(steps) * np.expm1(np.abs(steps) * np.log1p(_MU)) / _MU).astype(
        np.float32
    )
    return back

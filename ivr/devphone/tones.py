# SPDX-License-Identifier: Apache-2.0
"""What is heard on a line besides speech: key tones, and the faint noise of the line itself."""

from __future__ import annotations

from functools import cache

import numpy as np

from ivr.audio import PHONE_HZ, encode
from ivr.devphone.playout import FRAME_BYTES

KEYS = "0123456789*#"
_ROWS_HZ, _COLUMNS_HZ = (697, 770, 852, 941), (1209, 1336, 1477)  # ITU-T Q.23
_PLACES = {key: divmod(index, 3) for index, key in enumerate("123456789*0#")}
TONE_FRAMES = 5  # 100 ms
_LEVEL = 0.2
_NOISE_RMS = 10 ** (-62 / 20)  # the floor of the channel the recogniser was measured with
_NOISE_FRAMES = 200
_HUM_HZ = 165.0


@cache
def key_tone(key: str) -> tuple[bytes, ...]:
    """The tone of one key in 20 ms frames: for the recording, since Twilio streams none."""
    row, column = _PLACES[key]
    seconds = np.arange(TONE_FRAMES * FRAME_BYTES) / PHONE_HZ
    tone = sum(np.sin(2 * np.pi * hz * seconds) for hz in (_ROWS_HZ[row], _COLUMNS_HZ[column]))
    return _frames(encode((_LEVEL * np.asarray(tone)).astype(np.float32)))


@cache
def line_noise() -> tuple[bytes, ...]:
    """Four seconds of noise at -62 dBFS in frames, the same every time."""
    samples = np.random.default_rng(0).standard_normal(_NOISE_FRAMES * FRAME_BYTES)
    return _frames(encode((samples * _NOISE_RMS).astype(np.float32)))


@cache
def humming(seconds: float) -> bytes:
    """Somebody hums: a voice without words, which wavers as one does."""
    time = np.arange(round(seconds * PHONE_HZ)) / PHONE_HZ
    phase = 2 * np.pi * _HUM_HZ * time + 2 * np.sin(2 * np.pi * 1.5 * time)
    voiced = sum(np.sin(order * phase) / order for order in range(1, 12))
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 2.3 * time)
    return encode((_LEVEL * swell * np.asarray(voiced)).astype(np.float32))


def _frames(sound: bytes) -> tuple[bytes, ...]:
    return tuple(sound[i : i + FRAME_BYTES] for i in range(0, len(sound), FRAME_BYTES))

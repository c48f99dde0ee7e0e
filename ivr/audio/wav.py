# SPDX-License-Identifier: Apache-2.0
"""WAV files: 16-bit PCM, one channel or several."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from ivr.audio.samples import Samples, from_pcm16, to_pcm16


def write_wav(path: Path, channels: list[Samples], rate_hz: int) -> None:
    """Write one WAV; shorter channels are filled with silence at the end."""
    length = max((channel.size for channel in channels), default=0)
    frames = np.zeros((length, len(channels)), dtype=np.int16)
    for index, channel in enumerate(channels):
        frames[: channel.size, index] = to_pcm16(channel)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(len(channels))
        out.setsampwidth(2)
        out.setframerate(rate_hz)
        out.writeframes(frames.astype("<i2").tobytes())


def read_wav(path: Path) -> tuple[Samples, int]:
    """(Samples, rate in Hz) of a 16-bit WAV; several channels are averaged into one.

    Raises `ValueError` for any other sample width, `wave.Error` for what is no WAV.
    """
    with wave.open(str(path), "rb") as file:
        if file.getsampwidth() != 2:
            raise ValueError(f"{path.name}: 16-bit PCM wanted, {8 * file.getsampwidth()}-bit found")
        pcm = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.int16)
        frames = from_pcm16(pcm).reshape(-1, file.getnchannels())
        return frames.mean(axis=1, dtype=np.float32), file.getframerate()

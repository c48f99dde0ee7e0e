# SPDX-License-Identifier: Apache-2.0
"""Telephone sound: mu-law, sample rates, levels, WAV files.

Samples are float32 arrays in -1..1 (`Samples`), one dimension, mono, wherever nothing else is
said. A phone line carries mu-law bytes at `PHONE_HZ`.
"""

from ivr.audio.level import active_dbfs, set_level
from ivr.audio.mulaw import SILENCE, decode, encode
from ivr.audio.resample import band_pass, resample
from ivr.audio.samples import PHONE_HZ, Samples, from_pcm16, to_pcm16
from ivr.audio.wav import read_wav, write_wav

__all__ = [
    "PHONE_HZ",
    "SILENCE",
    "Samples",
    "active_dbfs",
    "band_pass",
    "decode",
    "encode",
    "from_pcm16",
    "read_wav",
    "resample",
    "set_level",
    "to_pcm16",
    "write_wav",
]

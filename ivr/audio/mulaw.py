# SPDX-License-Identifier: Apache-2.0
"""Mu-law as ITU-T G.711 defines it: one byte a sample, by table in both directions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ivr.audio.samples import Pcm16, Samples, from_pcm16, to_pcm16

SILENCE = b"\xff"
"""One sample of digital silence."""

_BIAS = 33  # added to the 14-bit magnitude so that every segment begins at a power of two
_LARGEST = 8191  # largest biased magnitude


def _decoding_table() -> Pcm16:
    inverted = 255 - np.arange(256)
    segment, step = (inverted >> 4) & 7, inverted & 15
    magnitude = (((step << 1) + _BIAS) << segment) - _BIAS
    return (np.where(inverted & 128, -magnitude, magnitude) * 4).astype(np.int16)


def _encoding_table() -> NDArray[np.uint8]:
    """The byte for each 16-bit sample, indexed by the sample as unsigned 16 bits.

    Negative samples are complemented, not negated (as in ITU-T's G.191 tools), so that the
    decision levels are the same on both sides of zero.
    """
    pcm = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)
    biased = np.minimum((np.where(pcm < 0, ~pcm, pcm) >> 2) + _BIAS, _LARGEST)
    segment = np.frexp(biased.astype(np.float64))[1].astype(np.int32) - 6
    step = (biased >> (segment + 1)) & 15
    code = (segment << 4) | step | np.where(pcm < 0, 128, 0)
    inverted: NDArray[np.uint8] = (255 - code).astype(np.uint8)
    return inverted


_TO_PCM = _decoding_table()
_TO_BYTE = _encoding_table()


def decode(data: bytes) -> Samples:
    """Mu-law bytes as samples."""
    return from_pcm16(decode_pcm16(data))


def encode(samples: Samples) -> bytes:
    """Samples as mu-law bytes."""
    return encode_pcm16(to_pcm16(samples))


def decode_pcm16(data: bytes) -> Pcm16:
    """Mu-law bytes as 16-bit samples."""
    return _TO_PCM[np.frombuffer(data, dtype=np.uint8)]


def encode_pcm16(pcm: Pcm16) -> bytes:
    """16-bit samples as mu-law bytes."""
    return _TO_BYTE[pcm.view(np.uint16)].tobytes()

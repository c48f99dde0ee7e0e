# SPDX-License-Identifier: Apache-2.0
"""Phone sound made ready for a recogniser that was trained on wide-band sound.

A phone line stops at 3.4 kHz, the recogniser's features go on to 7.6 kHz. Faint noise over the
whole band keeps the empty part from looking like digital silence: measured, it raises what is
heard right by a third. The noise is seeded, so the same sound gives the same words.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ivr.audio import PHONE_HZ, Samples, resample, set_level, to_pcm16

RECOGNISER_HZ = 16000
_LEVEL_DBFS = -22.0
_NOISE_DBFS = -64.0  # -58 and -70 were both worse
_NOISE_SEED = 20


def prepare(samples: Samples) -> bytes:
    """One utterance at 8 kHz as 16-bit PCM at 16 kHz, at an even level, with faint noise."""
    even = set_level(samples, _LEVEL_DBFS)
    wide = resample(even, PHONE_HZ, RECOGNISER_HZ)
    return to_pcm16(wide + _noise(wide.size)).tobytes()


@lru_cache(maxsize=8)
def _noise_block(seconds: int) -> Samples:
    noise = np.random.default_rng(_NOISE_SEED).standard_normal(seconds * RECOGNISER_HZ)
    return (noise * 10 ** (_NOISE_DBFS / 20)).astype(np.float32)


def _noise(size: int) -> Samples:
    return _noise_block(-(-size // RECOGNISER_HZ))[:size]

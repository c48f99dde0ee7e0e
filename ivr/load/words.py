# SPDX-License-Identifier: Apache-2.0
"""What the callers of a load test say: a "yes" of a synthetic voice that is surely heard."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from ivr.audio import band_pass, decode, encode
from ivr.dialog.types import ANSWERS, COMMANDS, Meaning
from ivr.hearing import Hearing, Listener, Recogniser
from ivr.hearing.endpoint import FRAME_BYTES
from ivr.voice import CALLER_VOICES, EspeakEngine

LANGUAGE, _WORD = "ko", "네"
_TRIES = 80
_LINES, _QUIET_FRAMES = 4, 25
_BAND_HZ = (300, 3400)


class NothingHeard(Exception):
    """The recogniser understands no word of the synthetic caller: says what to look at."""


def heard_words(data_dir: Path, count: int) -> tuple[tuple[bytes, ...], ...]:
    """Up to `count` sayings, in mu-law frames of 20 ms; each was heard right, alone, beforehand.

    So what is measured later is delay, not hearing. Raises `NothingHeard`.
    """
    recogniser = Hearing(data_dir).warm(LANGUAGE).result()
    engine = EspeakEngine(CALLER_VOICES)
    try:
        spoken = (_frames(engine.speak(_WORD, LANGUAGE)) for _ in range(_TRIES))
        heard = tuple(islice((word for word in spoken if _is_heard(recogniser, word)), count))
    finally:
        engine.close()
    if not heard:
        raise NothingHeard(f"of {_TRIES} sayings of {_WORD} none was heard: sonsori bench speech")
    return heard


def quiet_frame(generator: random.Random) -> bytes:
    """20 ms of an open line: the smallest steps of mu-law, about -72 dB."""
    return bytes(generator.choices(b"\x7e\x7f\xfe\xff", k=FRAME_BYTES))


def _frames(sound: bytes) -> tuple[bytes, ...]:
    """Whole frames, as a phone line would carry them."""
    spoken = encode(band_pass(decode(sound), *_BAND_HZ))
    whole = len(spoken) // FRAME_BYTES * FRAME_BYTES
    return tuple(spoken[start : start + FRAME_BYTES] for start in range(0, whole, FRAME_BYTES))


def _is_heard(recogniser: Recogniser | None, word: Sequence[bytes]) -> bool:
    """Whether it is a yes on every line it was tried on."""
    return all(_heard_on(recogniser, word, seed) for seed in range(_LINES))


def _heard_on(recogniser: Recogniser | None, word: Sequence[bytes], seed: int) -> bool:
    generator = random.Random(seed)
    quiet = [quiet_frame(generator) for _ in range(_QUIET_FRAMES)]
    ear = Listener(lambda: recogniser)
    ear.open(ANSWERS | COMMANDS)
    heard = (ear.feed(frame) for frame in (*quiet, *word, *quiet))
    return Meaning.YES in (found.meaning for found in heard if found is not None)

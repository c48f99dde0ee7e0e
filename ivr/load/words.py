# SPDX-License-Identifier: Apache-2.0
"""What the callers of a load test say: a "yes" of a synthetic voice that is surely heard."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from ivr.audio import PHONE_HZ, band_pass, decode, encode
from ivr.dialog.types import ANSWERS, COMMANDS, Meaning
from ivr.hearing import Hearing, Recogniser
from ivr.hearing.endpoint import FRAME_BYTES
from ivr.voice import CALLER_VOICES, EspeakEngine

LANGUAGE, _WORD = "ko", "네"
_TRIES = 60
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
        spoken = (_over_the_phone(engine.speak(_WORD, LANGUAGE)) for _ in range(_TRIES))
        heard = tuple(islice((sound for sound in spoken if _is_yes(recogniser, sound)), count))
    finally:
        engine.close()
    if not heard:
        raise NothingHeard(f"of {_TRIES} sayings of {_WORD} none was heard: sonsori bench speech")
    return tuple(_frames(sound) for sound in heard)


def _over_the_phone(sound: bytes) -> bytes:
    quiet = encode(decode(b"\xff" * (PHONE_HZ // 4)))
    return encode(band_pass(decode(quiet + sound + quiet), *_BAND_HZ))


def _is_yes(recogniser: Recogniser | None, sound: bytes) -> bool:
    heard = None if recogniser is None else recogniser.recognise(sound, ANSWERS | COMMANDS)
    return heard is not None and heard.meaning is Meaning.YES


def _frames(sound: bytes) -> tuple[bytes, ...]:
    """Whole frames, without the quiet around."""
    spoken = sound[PHONE_HZ // 4 : -PHONE_HZ // 4]
    return tuple(
        spoken[start : start + FRAME_BYTES]
        for start in range(0, len(spoken) - FRAME_BYTES + 1, FRAME_BYTES)
    )

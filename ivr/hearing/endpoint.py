# SPDX-License-Identifier: Apache-2.0
"""Where a caller's words begin and end, frame by frame.

The recogniser's own end-pointing takes a second; WebRTC's voice activity detector with 200 ms
of patience takes 0.28 s.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np
import webrtcvad

from ivr.audio import PHONE_HZ
from ivr.audio.mulaw import decode_pcm16
from ivr.audio.samples import Pcm16

FRAME_MS = 20
FRAME_BYTES = PHONE_HZ * FRAME_MS // 1000
_STRICTEST = 3  # of the detector's modes 0 to 3
_ABOVE_NOISE_DB = 6.0  # what begins a word
_GOES_ON_ABOVE_DB = 3.0  # what goes on with it: endings are faint
_QUIETEST_DBFS = -48.0  # fainter than this is no caller: the line, or another room
_NOISE_RISE_DB, _NOISE_FALL_DB = 0.4, 0.1  # a frame: at rest where one of five is louder
_NOISE_AT_FIRST_DBFS = -45.0  # before it is known; a caller's first words are louder
_SPEECH_RISE_DB = 0.06  # a frame, 3 dB a second: music and engines become noise
_UNWANTED_RISE_DB = 0.2  # 10 dB a second: nobody has been asked, so it is mostly noise


@dataclass(frozen=True, slots=True)
class Patience:
    """How long things may take, in ms."""

    onset: int = 60  # voiced frames that make a beginning; shorter is a click
    before: int = 240  # kept from before the beginning: soft consonants
    hangover: int = 260  # silence that makes an end; 200 cuts words in babble
    longest: int = 6000  # then it ends anyway: music, a television


class NoiseFloor:
    """Follows the sound behind the caller: a little louder than it mostly is.

    While nobody speaks it settles where four frames of five are fainter, so that a babble's
    louder moments are noise too. While somebody speaks it hardly moves, unless no answer is
    wanted: a room that was loud when the call began must be known before the question ends.
    """

    def __init__(self) -> None:
        self._dbfs = _NOISE_AT_FIRST_DBFS

    def rises_above(self, pcm: Pcm16, *, speaking: bool, wanted: bool) -> bool:
        """Whether this frame stands out of the noise; the frame is learned from."""
        power = np.square(pcm, dtype=np.float32).mean() / 32768**2
        level = 10 * math.log10(float(power) + 1e-9)
        rise, fall = _NOISE_RISE_DB, _NOISE_FALL_DB
        if speaking:
            rise, fall = (_SPEECH_RISE_DB, 0.0) if wanted else (_UNWANTED_RISE_DB, fall)
        self._dbfs += rise if level > self._dbfs else -fall
        above_db = _GOES_ON_ABOVE_DB if speaking else _ABOVE_NOISE_DB
        return level > max(self._dbfs + above_db, _QUIETEST_DBFS)


class Endpointer:
    """Cuts utterances out of one call's frames."""

    def __init__(self, patience: Patience = Patience()) -> None:
        self._vad = webrtcvad.Vad(_STRICTEST)
        self._noise = NoiseFloor()
        self.patience = patience
        self._before: deque[bytes] = deque(maxlen=patience.before // FRAME_MS)
        self._spoken = bytearray()
        self._voiced_ms = 0
        self._silent_ms = 0

    @property
    def speaking(self) -> bool:
        """Whether somebody is speaking now (or stopped less than the hangover ago)."""
        return bool(self._spoken)

    def feed(self, frame: bytes, *, wanted: bool = True) -> bytes | None:
        """Take 20 ms of mu-law; give the utterance (mu-law) that ended with it, if one did.

        `wanted` is whether an answer is being waited for.
        """
        pcm = decode_pcm16(frame)
        loud = self._noise.rises_above(pcm, speaking=self.speaking, wanted=wanted)
        voiced = loud and self._vad.is_speech(pcm.tobytes(), PHONE_HZ)
        if self._spoken:
            return self._go_on(frame, voiced)
        self._wait(frame, voiced)
        return None

    def flush(self) -> bytes | None:
        """The utterance under way, as if silence had followed (the frames have stopped)."""
        return self._end() if self._spoken else None

    def _wait(self, frame: bytes, voiced: bool) -> None:
        self._before.append(frame)
        self._voiced_ms = self._voiced_ms + FRAME_MS if voiced else 0
        if self._voiced_ms >= self.patience.onset:
            self._spoken += b"".join(self._before)
            self._before.clear()

    def _go_on(self, frame: bytes, voiced: bool) -> bytes | None:
        self._spoken += frame
        self._silent_ms = 0 if voiced else self._silent_ms + FRAME_MS
        length_ms = len(self._spoken) * 1000 // PHONE_HZ
        if self._silent_ms >= self.patience.hangover or length_ms >= self.patience.longest:
            return self._end()
        return None

    def _end(self) -> bytes:
        utterance = bytes(self._spoken)
        self._spoken.clear()
        self._voiced_ms = self._silent_ms = 0
        return utterance

# SPDX-License-Identifier: Apache-2.0
"""The service's own voice: words in, mu-law sound for the phone line out.

`Voice` joins clips with pauses and remembers them; an `Engine` makes one clip. The engine at
hand is espeak-ng, in a process of its own; a folder of recorded clips goes before it.
"""

from ivr.voice.espeak import (
    CALLER_VOICES,
    SERVICE_VOICES,
    EspeakEngine,
    EspeakVoice,
    VoiceError,
)
from ivr.voice.opening import open_voice
from ivr.voice.recorded import RecordedEngine
from ivr.voice.voice import Engine, Spoken, Voice

__all__ = [
    "CALLER_VOICES",
    "SERVICE_VOICES",
    "Engine",
    "EspeakEngine",
    "EspeakVoice",
    "RecordedEngine",
    "Spoken",
    "Voice",
    "VoiceError",
    "open_voice",
]

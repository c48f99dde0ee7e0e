# SPDX-License-Identifier: Apache-2.0
"""A caller who follows a script: listens until the service has finished, then answers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from ivr.devphone.ear import Ear
from ivr.devphone.handset import Answer, Press, PutDown, Speak
from ivr.devphone.mouth import frames
from ivr.devphone.tones import TONE_FRAMES

_KEY_FRAMES = TONE_FRAMES + 5  # 100 ms of tone, 100 ms until the next key
_MOST_TURNS = 40  # a conversation that goes round in circles ends here


class ScriptedCaller:
    """Answers item by item; the last item is repeated until the call ends.

    `speak_aloud` turns words into mu-law, `note` is told what is said and pressed.
    """

    def __init__(
        self,
        script: tuple[Answer, ...],
        speak_aloud: Callable[[str], bytes],
        note: Callable[[Answer], None],
    ) -> None:
        self._script = script
        self._speak_aloud = speak_aloud
        self._note = note
        self._turns = 0
        self._ear = Ear()
        self._sound: deque[bytes] = deque()
        self._keys: deque[str] = deque()  # a key or, between keys, nothing
        self._hung_up = False

    @property
    def hung_up(self) -> bool:
        return self._hung_up

    def hear(self, frame: bytes, more: bool) -> None:
        if self._sound or self._keys:
            return
        self._ear.hear(frame, more)
        if self._ear.finished:
            self._answer()

    def speak(self) -> bytes | None:
        return self._sound.popleft() if self._sound else None

    def press(self) -> str:
        return self._keys.popleft() if self._keys else ""

    def _answer(self) -> None:
        self._ear.forget()
        if self._turns == _MOST_TURNS or not self._script:
            self._hung_up = True
            return
        answer = self._script[min(self._turns, len(self._script) - 1)]
        self._turns += 1
        self._note(answer)
        match answer:
            case Speak(text):
                self._sound.extend(frames(self._speak_aloud(text)))
            case Press(keys):
                for key in keys:
                    self._keys.extend([key, *[""] * (_KEY_FRAMES - 1)])
            case PutDown():
                self._hung_up = True

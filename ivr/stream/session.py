# SPDX-License-Identifier: Apache-2.0
"""One call over one media stream: what happens becomes events, actions become sound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from ivr.audio import SILENCE
from ivr.catalogue import load
from ivr.dialog.types import (
    Action,
    Answered,
    Event,
    Expect,
    HangUp,
    HungUp,
    Keyed,
    Listen,
    Say,
    Silence,
)
from ivr.hearing import Hearing, Listener
from ivr.hearing.endpoint import FRAME_BYTES
from ivr.stream.clock import MediaClock
from ivr.stream.keypad import Keypad
from ivr.stream.playback import Playback
from ivr.stream.protocol import Key, Marked, Media, Message, Stopped
from ivr.stream.working import WORKING_EVERY_MS, working_tone
from ivr.voice import Voice

_SPEAKING_AT_MOST_MS = 8000  # noise that never ends must not keep us from asking again


class Dialogue(Protocol):
    """The conversation behind the call (`ivr.conversation.Conversation`)."""

    @property
    def language(self) -> str: ...

    def step(self, event: Event) -> tuple[Action, ...]: ...


class Session:
    """Runs from the start message to the end of the stream; all in one thread.

    `take` every message, `tick` when none has come for a while, until `over`.
    """

    def __init__(
        self,
        playback: Playback,
        clock: MediaClock,
        dialogue: Dialogue,
        voice: Voice,
        hearing: Hearing,
    ) -> None:
        self._playback = playback
        self._clock = clock
        self._dialogue = dialogue
        self._voice = voice
        self._listener = Listener(lambda: hearing.recogniser(dialogue.language))
        self._keypad = Keypad()
        self._listen = Listen(Expect.YES_NO, 10.0)
        self._turn_ms = self._asked_ms = 0
        self._hummed_ms = 0
        self._rest = b""
        self._leaving = False
        self.over = False

    def begin(self) -> None:
        """The line is open."""
        self._happen(Answered())

    def take(self, message: Message) -> None:
        """Something came from the other side."""
        match message:
            case Media(timestamp_ms=timestamp_ms, sound=sound):
                self._clock.hear(timestamp_ms)
                self._hear(sound)
            case Key(key=key):
                self._press(key)
            case Marked(name=name):
                self._playback.marked(name)
            case Stopped():
                self._stopped()
        self._look_at_the_time()

    def tick(self) -> None:
        """Nothing came. When that lasts, timers go on without the caller's sound."""
        self._clock.tick()
        if self._clock.standing_still:
            heard = self._listener.flush()
            if heard is not None:
                self._happen(heard)
        self._look_at_the_time()

    def _hear(self, sound: bytes) -> None:
        for frame in self._frames(sound):
            heard = self._listener.feed(frame)
            if heard is not None and not self._leaving:
                self._happen(heard)

    def _frames(self, sound: bytes) -> Iterator[bytes]:
        """Whole frames of 20 ms, whatever pieces the sound came in."""
        sound = self._rest + sound
        whole = len(sound) // FRAME_BYTES * FRAME_BYTES
        self._rest = sound[whole:]
        for start in range(0, whole, FRAME_BYTES):
            yield sound[start : start + FRAME_BYTES]

    def _press(self, key: str) -> None:
        """A key stops the voice at once, and counts whatever was playing."""
        if self._leaving:
            return
        self._playback.stop()
        keys = self._keypad.press(key, self._clock.now_ms)
        if keys is not None:
            self._happen(Keyed(keys))

    def _stopped(self) -> None:
        """The stream is over. A call that waits for a photo may only have been moved on."""
        self.over = True
        if self._leaving or self._listen.expect is Expect.PHOTO:
            return
        if self._keypad.gathering:
            self._dialogue.step(Keyed(self._keypad.take()))
        self._dialogue.step(HungUp())

    def _look_at_the_time(self) -> None:
        now_ms, ended_ms = self._clock.now_ms, self._playback.ended_ms
        if ended_ms is None or self.over:
            return
        if self._leaving:
            self.over = True
            return
        if self._keypad.gathering and self._listen.expect is Expect.YES_NO:
            self._listener.close()  # the keys are the answer, whatever is said beside them
        elif not self._listener.is_open:
            self._listener.open(self._listen.hears)
            self._asked_ms = max(ended_ms, self._turn_ms)
        keys = self._keypad.due(now_ms)
        if keys is not None:
            self._happen(Keyed(keys))
        elif self._is_silent(now_ms):
            self._happen(Silence())
        elif self._listen.expect is Expect.PHOTO:
            self._hum(now_ms)

    def _is_silent(self, now_ms: int) -> bool:
        late_ms = now_ms - self._asked_ms - self._listen.timeout_s * 1000
        if late_ms < 0 or self._keypad.gathering:
            return False
        return not self._listener.busy or late_ms > _SPEAKING_AT_MOST_MS

    def _hum(self, now_ms: int) -> None:
        """A waiting caller hears that somebody is there."""
        if now_ms - max(self._hummed_ms, self._asked_ms) >= WORKING_EVERY_MS:
            self._playback.hum(working_tone())
            self._hummed_ms = now_ms

    def _happen(self, event: Event) -> None:
        actions = self._dialogue.step(event)
        self._turn_ms = self._clock.now_ms
        self._listener.close()
        self._speak([action for action in actions if isinstance(action, Say)])
        for action in actions:
            match action:
                case Listen():
                    self._listen = action
                    self._keypad.expect(action.expect)
                case HangUp():
                    self._leaving = True

    def _speak(self, says: list[Say]) -> None:
        """In place of what is playing. The pause after the last word is the caller's."""
        if not says:
            return
        self._playback.stop()
        for say in says[:-1]:
            self._playback.say(self._sound(say))
        self._playback.say(self._sound(says[-1]).rstrip(SILENCE))

    def _sound(self, say: Say) -> bytes:
        language = self._dialogue.language
        segments = load(language).render(say)
        return self._voice.render(segments, language, say.pace, secret=say.secret)

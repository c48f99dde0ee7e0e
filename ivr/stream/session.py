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
from ivr.hearing import Hearing
from ivr.hearing.endpoint import FRAME_BYTES
from ivr.stream.clock import MediaClock
from ivr.stream.ears import Ears, Words
from ivr.stream.keypad import Keypad
from ivr.stream.playback import Playback
from ivr.stream.protocol import Key, Marked, Media, Message, Stopped
from ivr.stream.times import TurnTimes
from ivr.stream.working import WORKING_EVERY_MS, working_tone
from ivr.took import UNTIMED, Took
from ivr.voice import Voice

_SPEAKING_AT_MOST_MS = 8000  # noise that never ends must not keep us from asking again


class Dialogue(Protocol):
    """The conversation behind the call (`ivr.conversation.Conversation`)."""

    @property
    def language(self) -> str: ...

    @property
    def attended(self) -> bool:
        """Whether a person is known to be there: a machine's words interrupt nothing."""

    def step(self, event: Event, took: Took = UNTIMED) -> tuple[Action, ...]: ...


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
        self._ears = Ears(
            lambda: hearing.recogniser(dialogue.language),
            clock,
            playback.played,
            lambda utterance, hears: hearing.ask_again(dialogue.language, utterance, hears),
        )
        self._times = TurnTimes(clock)
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
            words = self._ears.flush()
            if words is not None and not self._leaving:
                self._heard(words)
        self._look_at_the_time()

    def _hear(self, sound: bytes) -> None:
        for frame in self._frames(sound):
            words = self._ears.feed(frame)
            if words is not None and not self._leaving:
                self._heard(words)

    def _heard(self, words: Words) -> None:
        """A command spoken over the voice stops it at once, as a key does."""
        asked_ms = self._playback.ended_ms
        if words.over_voice:
            asked_ms = self._clock.now_ms if asked_ms is None else asked_ms
            self._playback.stop()
        self._happen(words.heard, self._times.took(asked_ms, words.span, words.thinking_ms))

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
        self._times.key()
        self._key_in(self._keypad.press(key, self._clock.now_ms))

    def _key_in(self, keys: str | None) -> None:
        if keys is not None:
            self._happen(Keyed(keys), self._times.took(self._playback.ended_ms, self._times.keys))

    def _stopped(self) -> None:
        """The stream is over. A call that waits for a photo may only have been moved on."""
        self.over = True
        if self._leaving or self._listen.expect is Expect.PHOTO:
            return
        self.flush_keys()
        self._dialogue.step(HungUp())

    def flush_keys(self) -> None:
        """The line is going, or gone: keys that were not told yet are told."""
        if self._keypad.gathering and not self._leaving:
            self._dialogue.step(Keyed(self._keypad.take()))

    def _look_at_the_time(self) -> None:
        now_ms, ended_ms = self._clock.now_ms, self._playback.ended_ms
        if ended_ms is None or self.over:
            return
        if self._leaving:
            self.over = True
            return
        if self._keypad.gathering and self._listen.expect is Expect.YES_NO:
            self._ears.close()  # the keys are the answer, whatever is said beside them
        elif not self._ears.open_for_answers:
            self._ears.voice_ended(self._listen.hears)
            self._asked_ms = max(ended_ms, self._turn_ms)
        keys = self._keypad.due(now_ms)
        if keys is not None:
            self._key_in(keys)
        elif self._is_silent(now_ms):
            self._happen(Silence(), self._times.took(ended_ms, None))
        elif self._listen.expect is Expect.PHOTO:
            self._hum(now_ms)

    def _is_silent(self, now_ms: int) -> bool:
        late_ms = now_ms - self._asked_ms - self._listen.timeout_s * 1000
        if late_ms < 0 or self._keypad.gathering:
            return False
        return not self._ears.busy or late_ms > _SPEAKING_AT_MOST_MS

    def _hum(self, now_ms: int) -> None:
        """A waiting caller hears that somebody is there."""
        if now_ms - max(self._hummed_ms, self._asked_ms) >= WORKING_EVERY_MS:
            self._playback.hum(working_tone())
            self._hummed_ms = now_ms

    def _happen(self, event: Event, took: Took = UNTIMED) -> None:
        self._times.known()
        actions = self._dialogue.step(event, took)
        self._turn_ms = self._clock.now_ms
        self._ears.close()
        self._speak([action for action in actions if isinstance(action, Say)])
        for action in actions:
            match action:
                case Listen():
                    self._listen = action
                    self._keypad.expect(action.expect)
                    if self._dialogue.attended:
                        self._ears.voice_begins(action.hears)
                case HangUp():
                    self._leaving = True

    def _speak(self, says: list[Say]) -> None:
        """In place of what is playing. The pause after the last word is the caller's."""
        if not says:
            return
        self._playback.stop()
        for say in says:
            sound = self._sound(say)
            self._playback.say(sound if say is not says[-1] else sound.rstrip(SILENCE))
            self._times.voiced()

    def _sound(self, say: Say) -> bytes:
        language = self._dialogue.language
        segments = load(language).render(say)
        return self._voice.render(segments, language, say.pace, secret=say.secret)

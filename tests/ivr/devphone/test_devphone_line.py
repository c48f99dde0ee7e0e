# SPDX-License-Identifier: Apache-2.0
"""The line, the buffer, the scripted caller and the keypad, on a clock that does not wait."""

from __future__ import annotations

import pytest

from ivr.devphone.browser import BrowserCaller
from ivr.devphone.gather import Gathered, gather_keys
from ivr.devphone.handset import Answer, Press, PutDown, Speak, read_script
from ivr.devphone.line import Line
from ivr.devphone.mouth import Mouth
from ivr.devphone.playout import FRAME_BYTES, QUIET_FRAME, Playout
from ivr.devphone.script import ScriptedCaller
from ivr.devphone.twiml import Gather

LOUD = bytes([0x90, 0x10] * (FRAME_BYTES // 2))
WORD = b"\x20" * FRAME_BYTES * 5


class Timeless:
    """A clock that is always as late as it is waited for; `skip` makes it later."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> float:
        return self.seconds

    def wait_until(self, at: float) -> None:
        self.seconds = max(self.seconds, at)


def scripted(*script: Answer) -> tuple[Line, list[Answer]]:
    noted: list[Answer] = []
    caller = ScriptedCaller(script, speak_aloud=lambda text: WORD, note=noted.append)
    return Line(caller, Timeless()), noted


def ticks(line: Line, count: int) -> str:
    """Let time pass; the keys that were pressed."""
    return "".join(line.tick().keys for _ in range(count))


def test_marks_come_when_their_sound_has_been_played() -> None:
    playout = Playout()
    playout.add(LOUD * 2)
    playout.mark("two")
    playout.take()
    assert playout.passed() == []
    playout.take()
    assert playout.passed() == ["two"]
    playout.mark("at once")
    assert playout.passed() == ["at once"]


def test_clear_throws_sound_away_and_returns_its_marks() -> None:
    playout = Playout()
    playout.add(LOUD)
    playout.mark("a")
    playout.mark("b")
    assert playout.clear() == ["a", "b"]
    assert (playout.empty, playout.take(), playout.passed()) == (True, QUIET_FRAME, [])


def test_a_scripted_caller_answers_when_the_service_has_fallen_silent() -> None:
    line, noted = scripted(Speak("yes"))
    ticks(line, 100)
    assert noted == [], "nothing was asked yet"
    line.playout.add(LOUD * 10)
    ticks(line, 10 + 14)
    assert noted == []
    ticks(line, 1)
    assert noted == [Speak("yes")]


def test_a_pause_within_a_prompt_is_not_its_end() -> None:
    line, noted = scripted(Speak("yes"))
    line.playout.add(LOUD * 5 + QUIET_FRAME * 50 + LOUD * 5)
    ticks(line, 60)
    assert noted == []


def test_the_last_answer_is_repeated_until_a_ceiling() -> None:
    line, noted = scripted(Press("1"), Press("2#"))
    keys = ""
    for _ in range(41):
        line.playout.add(LOUD)
        keys += ticks(line, 60)
    assert keys == "1" + "2#" * 39
    assert len(noted) == 40 and line.person.hung_up


def test_a_caller_can_put_the_telephone_down() -> None:
    line, _ = scripted(PutDown())
    line.playout.add(LOUD)
    ticks(line, 20)
    assert line.person.hung_up


def test_both_sides_are_recorded_with_silence_for_time_that_nobody_heard() -> None:
    clock = Timeless()
    line = Line(BrowserCaller(), clock)
    line.tick()
    clock.seconds += 2
    line.tick()
    assert line.recording.length_s == pytest.approx(2.04, abs=0.03)


def test_a_person_at_the_browser_is_heard_late_rather_than_long() -> None:
    browser = BrowserCaller()
    assert browser.speak() is None
    browser.add_sound(LOUD * 100)
    frames = 0
    while browser.speak() is not None:
        frames += 1
    assert frames == 25, "half a second; what is older is dropped"
    browser.add_keys("1x#")
    assert (browser.press(), browser.press()) == ("1#", "")


def gathered(gather: Gather, *pressed: str) -> Gathered:
    """What a gather makes of keys pressed one a second, the first during the prompt."""
    line = Line(BrowserCaller(), Timeless())
    assert isinstance(line.person, BrowserCaller)
    waiting = list(pressed)
    ticked = 0

    def tick():  # type: ignore[no-untyped-def]
        nonlocal ticked
        if ticked % 50 == 0 and waiting:
            line.person.add_keys(waiting.pop(0))
        ticked += 1
        return line.tick()

    line.playout.add(LOUD * 200)
    return gather_keys(gather, line.playout, tick)


def test_a_gather_ends_at_its_number_of_digits() -> None:
    assert gathered(Gather((), num_digits=2), "1", "2", "3") == Gathered("12")


def test_a_gather_ends_at_its_last_key_which_is_no_digit() -> None:
    assert gathered(Gather(()), "4", "8", "#") == Gathered("48", "#")
    assert gathered(Gather((), finish_on_key="*"), "4#", "*") == Gathered("4#", "*")


def test_a_gather_times_out_anew_after_every_key() -> None:
    assert gathered(Gather((), timeout_s=1.5), "1", "2", "3") == Gathered("123")
    assert gathered(Gather((), timeout_s=0.5), "1", "2") == Gathered("1")
    assert gathered(Gather((), timeout_s=2)) == Gathered("")


def test_a_script_is_read_from_json() -> None:
    items = [{"say": "네"}, {"press": "1"}, {"hang_up": True}]
    assert read_script(items) == (Speak("네"), Press("1"), PutDown())
    with pytest.raises(ValueError, match="say, press or hang_up"):
        read_script([{"sing": "la"}])


def spoken(mouth: Mouth, *heard: bytes) -> list[bytes | None]:
    """What is said frame by frame while the service says `heard`."""
    said = []
    for frame in heard:
        mouth.hear(frame, False)
        said.append(mouth.speak())
    return said


def test_told_words_wait_until_the_service_has_finished() -> None:
    mouth = Mouth()
    mouth.answer(WORD)
    while_asked = spoken(mouth, *[LOUD] * 10, *[QUIET_FRAME] * 14)
    assert set(while_asked) == {None}
    assert spoken(mouth, *[QUIET_FRAME] * 5) == [WORD[:FRAME_BYTES]] * 5
    assert mouth.speak() is None


def test_told_words_are_said_late_rather_than_never() -> None:
    mouth = Mouth()
    mouth.answer(WORD)
    assert set(spoken(mouth, *[QUIET_FRAME] * 74)) == {None}
    assert spoken(mouth, QUIET_FRAME) == [WORD[:FRAME_BYTES]]


def test_an_interruption_does_not_wait() -> None:
    mouth = Mouth()
    mouth.interrupt(WORD)
    assert spoken(mouth, LOUD) == [WORD[:FRAME_BYTES]]


def test_the_last_frame_of_a_sound_is_filled_up_with_silence() -> None:
    mouth = Mouth()
    mouth.interrupt(WORD[: FRAME_BYTES + 1])
    assert spoken(mouth, LOUD, LOUD, LOUD) == [
        WORD[:FRAME_BYTES],
        WORD[:1] + QUIET_FRAME[1:],
        None,
    ]

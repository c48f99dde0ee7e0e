# SPDX-License-Identifier: Apache-2.0
import json

from ivr.audio import SILENCE
from ivr.dialog.types import Expect
from ivr.stream.clock import MediaClock, Span
from ivr.stream.keypad import Keypad
from ivr.stream.playback import Playback


class Wall:
    """A clock on the wall that a test turns."""

    def __init__(self) -> None:
        self.s = 100.0

    def __call__(self) -> float:
        return self.s


class Sent(list[dict[str, object]]):
    def send(self, data: str) -> None:
        self.append(json.loads(data))

    def kinds(self) -> list[object]:
        return [message["event"] for message in self]

    def marks(self) -> list[str]:
        return [str(m["mark"]["name"]) for m in self if m["event"] == "mark"]  # type: ignore[index]


def playing() -> tuple[Playback, Sent, MediaClock]:
    sent, clock = Sent(), MediaClock(Wall())
    return Playback(sent, "MZ1", clock), sent, clock


SECOND = b"\x00" * 8000


# ---- marks and clears ---------------------------------------------------------------------


def test_nothing_said_is_nothing_playing() -> None:
    playback, sent, _ = playing()
    playback.say(b"")
    assert playback.ended_ms == 0 and sent == []


def test_sound_is_sent_at_once_in_pieces_with_a_mark_behind() -> None:
    playback, sent, _ = playing()
    playback.say(SECOND)
    assert sent.kinds() == ["media", "media", "media", "mark"]


def test_sent_is_not_heard_until_the_last_mark_is_back() -> None:
    playback, sent, clock = playing()
    playback.say(SECOND)
    playback.say(SECOND)
    first, last = sent.marks()
    clock.hear(1000)
    playback.marked(first)
    assert playback.ended_ms is None
    clock.hear(2010)
    playback.marked(last)
    assert playback.ended_ms == 2010


def test_without_marks_the_playing_time_decides() -> None:
    playback, _, clock = playing()
    playback.say(SECOND)
    clock.hear(1500)
    assert playback.ended_ms is None
    clock.hear(1600)
    assert playback.ended_ms == 1000


def test_a_mark_that_comes_back_after_a_clear_proves_nothing() -> None:
    playback, sent, _ = playing()
    playback.say(SECOND)
    playback.stop()
    playback.say(SECOND)
    old, new = sent.marks()
    assert old != new
    playback.marked(old)
    assert playback.ended_ms is None


def test_a_clear_is_sent_only_while_something_plays() -> None:
    playback, sent, clock = playing()
    playback.stop()
    playback.say(SECOND)
    clock.hear(1000)
    playback.marked(sent.marks()[0])
    playback.stop()
    assert "clear" not in sent.kinds()
    playback.say(SECOND)
    playback.stop()
    assert sent.kinds()[-1] == "clear"
    assert playback.ended_ms == 1000


def test_a_sign_of_life_is_cleared_too_but_waited_for_by_nobody() -> None:
    playback, sent, _ = playing()
    playback.hum(SECOND)
    assert playback.ended_ms == 0
    playback.stop()
    assert sent.kinds() == ["media", "media", "media", "clear"]


def test_what_was_played_is_known_for_any_span_while_nothing_else_is() -> None:
    playback, _, clock = playing()
    clock.hear(500)
    first, second = b"\x01" * 8000, b"\x02" * 8000
    playback.say(first)
    playback.say(second)
    assert playback.played(Span(1400, 1600)) == b"\x01" * 800 + b"\x02" * 800
    assert playback.played(Span(400, 600)) == SILENCE * 800 + b"\x01" * 800
    assert playback.played(Span(0, 300)) == SILENCE * 2400
    clock.hear(9000)
    playback.say(first)
    assert playback.played(Span(8900, 9100)) == SILENCE * 800 + b"\x01" * 800


def test_a_stop_after_the_end_does_not_move_the_end() -> None:
    playback, sent, clock = playing()
    playback.say(SECOND)
    clock.hear(1000)
    playback.marked(sent.marks()[0])
    clock.hear(4000)
    playback.stop()
    assert playback.ended_ms == 1000


# ---- the clock ----------------------------------------------------------------------------


def test_time_goes_by_the_media_not_by_the_wall() -> None:
    wall = Wall()
    clock = MediaClock(wall)
    clock.hear(5000)
    wall.s += 0.9
    clock.tick()
    assert clock.now_ms == 5000 and not clock.standing_still


def test_time_goes_on_when_the_frames_stop() -> None:
    wall = Wall()
    clock = MediaClock(wall)
    clock.hear(5000)
    wall.s += 3
    clock.tick()
    assert clock.now_ms == 8000 and clock.standing_still


def test_time_never_goes_back_when_frames_come_again() -> None:
    wall = Wall()
    clock = MediaClock(wall)
    clock.hear(5000)
    wall.s += 3
    clock.tick()
    clock.hear(5020)
    assert clock.now_ms == 8000
    clock.hear(5040)
    assert clock.now_ms == 8020


# ---- keys ---------------------------------------------------------------------------------


def test_a_lone_key_answers_a_question_once_no_other_follows() -> None:
    keypad = Keypad()
    assert keypad.press("1", 0) is None
    assert keypad.due(799) is None
    assert keypad.due(800) == "1"


def test_keys_that_follow_one_another_at_a_question_are_a_number() -> None:
    keypad = Keypad()
    assert [keypad.press(key, 300 * i) for i, key in enumerate("1234")] == [None] * 4
    assert keypad.due(900 + 800) is None
    assert keypad.due(900 + 5000) == "1234"


def test_a_star_answers_a_question_at_once() -> None:
    assert Keypad().press("*", 0) == "*"


def test_a_number_ends_with_the_hash_key() -> None:
    keypad = Keypad()
    keypad.expect(Expect.DIGITS)
    assert [keypad.press(key, 0) for key in "48#"] == [None, None, "48"]
    assert not keypad.gathering


def test_a_hash_key_alone_is_told() -> None:
    keypad = Keypad()
    keypad.expect(Expect.DIGITS)
    assert keypad.press("#", 0) == "#"


def test_in_a_menu_every_key_answers_at_once() -> None:
    keypad = Keypad()
    keypad.expect(Expect.KEY)
    assert [keypad.press(key, 0) for key in "31#"] == ["3", "1", "#"]


def test_the_pause_that_ends_a_number_begins_anew_with_every_key() -> None:
    keypad = Keypad()
    keypad.expect(Expect.DIGITS)
    keypad.press("4", 0)
    keypad.press("8", 4900)
    assert keypad.due(9800) is None
    assert keypad.due(9900) == "48"
    assert keypad.due(99_000) is None


def test_a_star_is_told_at_once_even_among_digits() -> None:
    keypad = Keypad()
    keypad.expect(Expect.DIGITS)
    assert keypad.press("*", 0) == "*"
    assert [keypad.press(key, 0) for key in "4*"] == [None, "4*"]


def test_digits_of_a_number_do_not_answer_the_question_after_it() -> None:
    keypad = Keypad()
    keypad.expect(Expect.DIGITS)
    keypad.press("4", 0)
    keypad.expect(Expect.YES_NO)
    assert not keypad.gathering
    keypad.press("1", 100)
    assert keypad.due(900) == "1"

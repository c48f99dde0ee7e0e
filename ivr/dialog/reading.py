# SPDX-License-Identifier: Apache-2.0
"""The digits themselves: how many, in groups, what is doubtful, and "is that right?"."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.dialog import correcting, keying
from ivr.dialog.doubts import doubts
from ivr.dialog.flow import note, settle
from ivr.dialog.replies import Reply
from ivr.dialog.state import State, Verdict
from ivr.dialog.types import Expect, Meaning, Say
from vision.reading import Line, Problem, Reading

EXPECT = Expect.YES_NO
HOW = ("yes_no_1", "yes_no_2")
MOST_DOUBTS = 3  # more than that is no help: the whole reading is to be doubted
CUT_OFF = (
    Problem.CUT_OFF_LEFT,
    Problem.CUT_OFF_RIGHT,
    Problem.CUT_OFF_TOP,
    Problem.CUT_OFF_BOTTOM,
)


def ask(state: State) -> tuple[Say, ...]:
    reading = state.photo.reading
    how = [Say("reading_how")] if state.first_time and not state.repeats else []
    return (
        *_which_photo(state),
        *_lines(state, reading),
        *_warnings(reading),
        *how,
        Say(_question(reading)),
    )


def _question(reading: Reading) -> str:
    """After "seven, or one", a bare "is that right?" would leave open which of the two."""
    doubtful = not reading.sure and any(doubts(line) for line in reading.lines)
    return "reading_ask_first" if doubtful else "reading_ask"


def answer(state: State, reply: Reply) -> State | None:
    text = state.photo.reading.text
    if reply.meaning is Meaning.YES:
        return settle(state, Verdict.ACCEPTED, text, reply)
    if reply.meaning is Meaning.NO:
        return correcting.begin(note(state, Verdict.DENIED, text, reply))
    return keying.number(state, reply)


def digits(text: str, state: State) -> Say:
    """A digit string: in groups, and one by one from the second repeat on."""
    prompt = "digits_singly" if state.repeats > 1 else "digits"
    return Say(prompt, {"digits": text}, secret=True)


def _which_photo(state: State) -> Iterator[Say]:
    if len(state.photos) < 2:
        return
    if not state.settled:
        yield Say("photo_count", {"photos": len(state.photos)})
    yield Say("photo_place", {"photo": state.at + 1})


def _lines(state: State, reading: Reading) -> Iterator[Say]:
    several = len(reading.lines) > 1
    if several:
        yield Say("line_count", {"lines": len(reading.lines)})
    few = sum(len(doubts(line)) for line in reading.lines) <= MOST_DOUBTS
    for place, line in enumerate(reading.lines, start=1):
        if several:
            yield Say("line_place", {"line": place, "count": len(line.digits)})
        else:
            yield Say("digit_count", {"count": len(line.digits)})
        yield digits(line.text, state)
        if few and not reading.sure:
            yield from _doubts(line)


def _doubts(line: Line) -> Iterator[Say]:
    for doubt in doubts(line):
        slots: dict[str, str | int] = {"position": doubt.position}
        if len(doubt.values) > 1:
            yield Say("doubt", slots | {"values": doubt.values}, secret=True)
        else:
            yield Say("doubt_open", slots)


def _warnings(reading: Reading) -> Iterator[Say]:
    """What is said of the reading as a whole; an unsure one is never left without a word."""
    cut_off = [problem for problem in reading.problems if problem in CUT_OFF]
    for problem in cut_off[:1]:
        yield Say(f"caution_{problem}")
    if reading.sure:
        return
    doubtful = sum(len(doubts(line)) for line in reading.lines)
    if doubtful > MOST_DOUBTS:
        yield Say("doubt_many")
    elif not doubtful and not cut_off:
        yield Say("doubt_whole")

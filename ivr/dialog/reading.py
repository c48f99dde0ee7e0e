# SPDX-License-Identifier: Apache-2.0
"""The digits themselves: how many, in groups, what is doubtful, and "is that right?"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ivr.dialog import correcting, keying, menu
from ivr.dialog.checks import misses
from ivr.dialog.doubts import doubts
from ivr.dialog.flow import note, settle
from ivr.dialog.replies import Reply
from ivr.dialog.spacing import written
from ivr.dialog.state import Manner, Screen, State, Verdict
from ivr.dialog.types import Expect, Meaning, Say
from vision.reading import Line, Problem, Reading

EXPECT = Expect.YES_NO
HEARS = menu.yes_no(Screen.READING)
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
    if state.only:
        return (*_only(state.only, reading), Say(_question(reading)))
    how = [Say("reading_how")] if state.first_time and state.asked_plainly else []
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
    if reply.meaning is Meaning.POSITION and reply.number:
        return replace(state, only=reply.number, strikes=0)
    return keying.number(state, reply)


def digits(text: str, state: State) -> Say:
    """A digit string as the caller wants it: in groups, and from the second repeat on one by one.

    Spaces in `text` are groups as they were written.
    """
    backwards = state.manner is Manner.BACKWARDS
    prompt = "digits_backwards" if backwards else "digits" if state.grouped else "digits_singly"
    return Say(prompt, {"digits": text}, secret=True)


def _which_photo(state: State) -> Iterator[Say]:
    """A photo that could not be read is not counted: to the caller it was the same one."""
    read = [photo.id for photo in state.photos if photo.reading.lines]
    if len(read) < 2:
        return
    if not state.settled:
        yield Say("photo_count", {"photos": len(read)})
    yield Say("photo_place", {"photo": read.index(state.photo.id) + 1})


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
        yield digits(written(line), state)
        if few and not reading.sure:
            yield from _doubts(line)


def _only(position: int, reading: Reading) -> Iterator[Say]:
    """One position alone, on each line that has it."""
    longest = max(len(line.digits) for line in reading.lines)
    if position > longest:
        yield Say("position_none", {"count": longest})
    for place, line in enumerate(reading.lines, start=1):
        if position > len(line.digits):
            continue
        slots: dict[str, str | int] = {"position": position, "value": line.text[position - 1]}
        if len(reading.lines) > 1:
            yield Say("position_line", slots | {"line": place}, secret=True)
        else:
            yield Say("position_one", slots, secret=True)
        if not reading.sure:
            yield from _doubts(line, position)


def _doubts(line: Line, only: int = 0) -> Iterator[Say]:
    """What is doubtful of a line, or of one of its positions."""
    for doubt in doubts(line):
        if only not in (0, doubt.position):
            continue
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
    if reading.more_seen and not cut_off:
        yield Say("caution_more")
    crossed_out = list(_crossed_out(reading.lines))
    yield from crossed_out
    kind = next(filter(None, (misses(written(line)) for line in reading.lines)), None)
    if kind is not None:
        yield Say(f"caution_{kind}")
    if reading.sure:
        return
    doubtful = sum(len(doubts(line)) for line in reading.lines)
    if doubtful > MOST_DOUBTS:
        yield Say("doubt_many")
    elif not doubtful and not cut_off and not crossed_out:
        yield Say("doubt_whole")


def _crossed_out(lines: tuple[Line, ...]) -> Iterator[Say]:
    """Which lines may not count any more."""
    places = [place for place, line in enumerate(lines, start=1) if line.crossed_out]
    if len(places) == len(lines):
        yield Say("caution_crossed_out")
    else:
        yield from (Say("caution_crossed_out_line", {"line": place}) for place in places)

# SPDX-License-Identifier: Apache-2.0
"""After a "no": what is asked next, until the number is right or the keys take over.

The photo knows what the mouth cannot say. So the reader's likeliest change is offered first,
then the caller names the wrong digit, then what else the reader takes that digit for is offered:
each a question that "yes", "no" or a position answers. After any change the whole number is read
once more. Where a fourth answer would not be the last, the keys are asked for instead.
"""

from __future__ import annotations

from dataclasses import replace

from ivr.dialog import draft, keying, rivals
from ivr.dialog.rivals import Rival
from ivr.dialog.state import Screen, State

MOST_ANSWERS = 4  # answers by voice after the first "no", that to the read-back among them
MISSES = 2  # of one question; then the keys
CORRECTING = frozenset({Screen.ALTERNATIVE, Screen.PLACE, Screen.DIGIT})


def begin(state: State) -> State:
    """The caller said no to the number as it was read."""
    state = replace(state, draft=state.photo.reading.text, tries=0, denied=())
    state = replace(state, line=0, place=0, named=False)
    rival = rivals.worth_offering(state.photo.reading, state.draft, state.denied)
    return which(state) if rival is None else _offer(state, rival)


def answered(state: State) -> State:
    """One answer more; those that were not understood took a turn as well."""
    return replace(state, tries=state.tries + 1 + state.strikes)


def which(state: State) -> State:
    """Have the caller name the digit that is wrong; of several lines, the line first."""
    lines = draft.lines(state.draft)
    several = len(lines) > 1
    if not _has_turns(state) or not (several or len(lines[0]) > 2):
        return keying.begin(state)
    line = 0 if several else 1
    return state.to(Screen.PLACE, line=line, place=0, named=False)


def at_line(state: State, line: int) -> State:
    """The caller named a line: ask for the digit, unless there is but one."""
    if len(draft.lines(state.draft)[line - 1]) == 1:
        return at_place(replace(state, line=line), 1)
    return state.to(Screen.PLACE, line=line)


def at_place(state: State, place: int) -> State:
    """The caller named a digit: offer what else it may be, then have it keyed."""
    state = replace(state, place=place, named=True)
    cell = draft.cell_at(state.draft, state.line, place)
    rival = rivals.worth_asking(state.photo.reading, cell, state.denied)
    if rival is None or not _has_turns(state) or not _differs(state, rival):
        return state.to(Screen.DIGIT)
    return state.to(Screen.ALTERNATIVE, value=rival.value)


def refused(state: State) -> State:
    """No: not that value at that place."""
    rival = Rival(draft.cell_at(state.draft, state.line, state.place), state.value, 0.0)
    state = replace(state, denied=(*state.denied, rival.key))
    return at_place(state, state.place) if state.named else which(state)


def change(state: State, value: str) -> State:
    """Make the digit asked about `value`, or leave it out; then all is read once more."""
    cell = draft.cell_at(state.draft, state.line, state.place)
    changed = draft.changed(state.draft, cell, value)
    candidate = draft.spoken(changed)
    if not candidate:
        return keying.begin(state)
    return state.to(Screen.CHECKING, draft=changed, candidate=candidate, keyed=False)


def change_line(state: State, keys: str) -> State:
    """Put keyed digits in the place of the line asked about; then all is read once more."""
    lines = list(draft.lines(state.draft))
    lines[state.line - 1] = keys
    return state.to(Screen.CHECKING, draft="", candidate="|".join(lines), keyed=False)


def again(state: State) -> State:
    """No to what was put right: more is wrong, or the wrong thing was changed."""
    return which(answered(state)) if state.draft else keying.begin(state)


def is_tired(state: State) -> bool:
    """Whether the words were missed so often that keys are quicker."""
    if state.screen not in CORRECTING:
        return False
    used_up = state.screen is not Screen.DIGIT and not _has_turns(state, also=state.strikes)
    return used_up or state.strikes >= MISSES


def _offer(state: State, rival: Rival) -> State:
    line, place = draft.counted(state.draft, rival.cell)
    return state.to(Screen.ALTERNATIVE, line=line, place=place, value=rival.value, named=False)


def _differs(state: State, rival: Rival) -> bool:
    """A digit that was changed before is not asked for its present value."""
    return rival.value != draft.lines(state.draft)[state.line - 1][state.place - 1]


def _has_turns(state: State, also: int = 0) -> bool:
    """Whether another question leaves a turn for the read-back."""
    return state.tries + also + 2 <= MOST_ANSWERS

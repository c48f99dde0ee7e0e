# SPDX-License-Identifier: Apache-2.0
"""What comes next once a photo is done with: the next photo, a question, or the end."""

from __future__ import annotations

from dataclasses import replace

from ivr.dialog.replies import Reply
from ivr.dialog.state import Ending, Outcome, Screen, State, Verdict


def advance(state: State) -> State:
    """On to what has to be told next: readable photos first, then what was wrong with others.

    A caller who has to take a photo again has then heard everything else.
    """
    left = [i for i, photo in enumerate(state.photos) if photo.id not in state.settled]
    readable = [i for i in left if state.photos[i].reading.lines]
    if readable:
        return state.to(Screen.READING, at=readable[0], denied=(), rounds=0, keyed_lines=())
    if left or state.lost:
        return _to_problem(state, left)
    return finish(state) if state.photos else state.to(Screen.WAITING)


def _to_problem(state: State, left: list[int]) -> State:
    """One problem is spoken of and waited for; the others are the same photo's or as bad."""
    settled = state.settled | {state.photos[i].id for i in left}
    at = left[0] if left else -1
    bad = state.bad_photos + (at >= 0)  # one that was lost was not taken badly
    return state.to(Screen.PROBLEM, at=at, settled=settled, lost=0, waits=0, bad_photos=bad)


def settle(state: State, verdict: Verdict, digits: str, reply: Reply) -> State:
    """The photo is done with: note what the caller said of it, and go on."""
    noted = note(state, verdict, digits, reply)
    return advance(replace(noted, settled=noted.settled | {state.photo.id}))


def note(state: State, verdict: Verdict, digits: str, reply: Reply) -> State:
    """What is certain now, should the line be lost."""
    outcome = Outcome(state.photo.id, verdict, digits, reply.heard_by, reply.confidence)
    return state.with_outcome(outcome)


def give_up(state: State) -> State:
    """Nobody knows what is right: the refusal that was noted stands."""
    return advance(replace(state, settled=state.settled | {state.photo.id}))


def finish(state: State) -> State:
    """Everything is told: ask what the answers may be used for where it matters, then part.

    The questions come last, so that hanging up costs the caller nothing, and only to somebody
    who has confirmed something: who was read to wrongly is not asked for a favour.
    """
    if not any(outcome.verdict is not Verdict.DENIED for outcome in state.outcomes):
        return state.end(Ending.DENIED if state.outcomes else Ending.DONE)
    agreed = state.test_consent if state.chosen else state.consent
    if agreed is None:
        return state.to(Screen.CONSENT)
    if agreed and state.knows is None:
        return state.to(Screen.KNOWS)
    if agreed and _may_be_examined(state):
        return _examine(state)
    return state.end(Ending.DONE)


def _may_be_examined(state: State) -> bool:
    """Whether a chosen caller, who knows the number, gave it with no more than a "yes".

    Of several numbers nobody would know which one is meant.
    """
    said = [outcome.verdict for outcome in state.outcomes]
    asked_for = state.chosen and not state.examined
    return asked_for and state.knows is True and said == [Verdict.ACCEPTED]


def _examine(state: State) -> State:
    """To the keys, for the photo that was said to be right."""
    read = [photo.id for photo in state.photos].index(state.outcomes[0].reading_id)
    return state.to(Screen.EXAM, at=read, examined=True)

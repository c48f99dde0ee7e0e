# SPDX-License-Identifier: Apache-2.0
"""The conversation as a pure function: `step(state, event) -> (state, actions)`.

What holds on every screen is here and in `commands`: what may be asked for at any time, three
strikes, and what is kept at the end. What a screen says and takes for an answer is in the module
of its name, what may be said and pressed there in `menu`.
"""

from __future__ import annotations

from dataclasses import replace

from ivr.dialog import commands, correcting, flow, keying, labels, menu, waiting
from ivr.dialog.replies import Reply, understand
from ivr.dialog.screens import SCREENS
from ivr.dialog.state import Ending, Photo, Screen, State
from ivr.dialog.types import (
    Action,
    Answered,
    Event,
    Expect,
    Forget,
    HangUp,
    Heard,
    HungUp,
    Keyed,
    Listen,
    Meaning,
    PhotoRead,
    Remember,
    Say,
    Silence,
)
from vision.reading import Reading

Step = tuple[State, tuple[Action, ...]]

FIRST_TIMEOUT_S = {
    Expect.YES_NO: 7.0,
    Expect.KEY: 7.0,
    Expect.DIGITS: 15.0,
    Expect.PHOTO: 10.0,
}
LATER_TIMEOUT_S = {
    Expect.YES_NO: 10.0,
    Expect.KEY: 10.0,
    Expect.DIGITS: 20.0,
    Expect.PHOTO: 10.0,
}
STRIKES = 3
# A question the caller gains nothing by is not pressed.
FAVOUR_STRIKES = {Screen.CONSENT: 2, Screen.KNOWS: 2, Screen.EXAM: 1}
NOISE_STRIKES = 30  # while a photo is taken, people and things make noise
MOST_TURNS = 300  # some twenty minutes: a television that says "again" does not hold a line


def step(state: State, event: Event) -> Step:
    """What follows from `event`: always something to say and wait for, or the end."""
    if state.ended and not _is_back(state, event):
        return state, () if isinstance(event, HungUp) else (HangUp(),)
    after, actions = _follow(replace(state, turns=state.turns + 1), event)
    return after, (*_remember(state, after), *actions)


def _follow(state: State, event: Event) -> Step:
    if state.turns >= MOST_TURNS and not isinstance(event, PhotoRead | HungUp):
        return _show(state.end(Ending.LONG))
    match event:
        case Answered():
            return _show(_begin(state))
        case Heard() | Keyed():
            return _reply(state, understand(event, SCREENS[state.screen].EXPECT, _hears(state)))
        case Silence():
            return _silence(state)
        case PhotoRead():
            return _photo(state, event)
        case HungUp():
            return replace(state, ended=True), labels.stores(state)


def _is_back(state: State, event: Event) -> bool:
    """A line given up for lost is answered after all: only the stream had broken."""
    return isinstance(event, Answered) and state.screen is not Screen.GOODBYE


def _begin(state: State) -> State:
    """The line is open; when it was before (a new stream, a new webhook), go on where we were."""
    state = replace(state, ended=False)
    if state.begun:
        return flow.advance(state) if state.waiting and state.lost else state
    begun = replace(state, begun=True)
    return begun if state.photos or state.lost else begun.to(Screen.WAITING)


def _reply(state: State, reply: Reply) -> Step:
    obeyed = commands.obey(state, reply.meaning)
    if obeyed is not None:
        show = _ask_again if obeyed.question_only else _show
        after, actions = show(obeyed.state, *obeyed.first)
        return after, (*obeyed.actions, *actions)
    following = SCREENS[state.screen].answer(state, reply)
    if following is None:
        return _noise(state) if state.waiting else _strike(state, "unclear")
    back = state.back is not None and following == state.returned()
    return _ask_again(following) if back else _show(following)


def _silence(state: State) -> Step:
    if state.screen is Screen.HELP and not state.waiting:
        return _ask_again(state.returned())
    if not state.waiting:
        return _strike(state, "silent")
    if state.waits >= waiting.MOST_WAITS:
        return _show(state.end(Ending.NO_PHOTO))
    return _show(state.to(Screen.WAITING, waits=state.waits + 1))


def _noise(state: State) -> Step:
    """Sounds while waiting answer nothing: no word is wasted on them, up to a limit."""
    state = replace(state, strikes=state.strikes + 1)
    if state.strikes >= NOISE_STRIKES:
        return _show(state.end(Ending.NO_PHOTO))
    return state, (_listen(state),)


def _strike(state: State, kind: str) -> Step:
    """Ask again, more plainly each time; after the last miss part kindly."""
    favour = FAVOUR_STRIKES.get(state.screen)
    state = replace(state, strikes=state.strikes + 1)
    if correcting.is_tired(state):
        return _show(keying.begin(state), Say(f"{kind}_1"))
    if state.strikes >= (favour or STRIKES):
        return _show(state.end(Ending.DONE if favour else Ending.SILENT))
    screen = SCREENS[state.screen]
    how = screen.HOW[state.strikes - 1]
    return _spoken(state, (Say(f"{kind}_{state.strikes}"), Say(how), screen.ask(state)[-1]))


def _photo(state: State, event: PhotoRead) -> Step:
    """A photo came in: tell it now when it was waited for, else when its turn comes."""
    if any(photo.id == event.reading_id for photo in state.photos):
        return _show(state)
    photo = Photo(event.reading_id, Reading.from_dict(dict(event.reading)))
    held = state.waiting
    state = replace(state, photos=(*state.photos, photo), begun=True)
    if not held:
        return _show(state)
    return _show(flow.advance(state) if state.person else state.to(Screen.GREETING, arrived=True))


def _remember(before: State, after: State) -> tuple[Remember, ...]:
    """What the caller chose in this step, for the calls to come."""
    chosen: list[Remember] = []
    if after.consent is not before.consent:
        chosen.append(Remember("consent", "yes" if after.consent else "no"))
    if after.test_consent is not before.test_consent:
        chosen.append(Remember("test_consent", "yes" if after.test_consent else "no"))
    if after.language != before.language:
        chosen.append(Remember("language", after.language))
    if after.slowness != before.slowness:
        chosen.append(Remember("slowness", str(after.slowness)))
    return tuple(chosen)


def _show(state: State, *first: Say) -> Step:
    return _spoken(state, (*first, *SCREENS[state.screen].ask(state)))


def _ask_again(state: State, *first: Say) -> Step:
    """The question alone: the rest has been heard."""
    return _spoken(state, (*first, SCREENS[state.screen].ask(state)[-1]))


def _spoken(state: State, says: tuple[Say, ...]) -> Step:
    paced = tuple(replace(say, pace=state.pace) for say in says)
    if state.screen is Screen.GOODBYE:
        forget = (Forget(),) if state.forget else ()
        return replace(state, ended=True), (*labels.stores(state), *forget, *paced, HangUp())
    return state, (*paced, _listen(state))


def _listen(state: State) -> Listen:
    expect = SCREENS[state.screen].EXPECT
    timeouts = LATER_TIMEOUT_S if state.strikes else FIRST_TIMEOUT_S
    return Listen(expect, timeouts[expect], _hears(state))


def _hears(state: State) -> frozenset[Meaning]:
    """What words may mean now; the help has only what it told."""
    hears = SCREENS[state.screen].HEARS
    if state.screen is not Screen.HELP:
        return hears
    return hears - (frozenset(menu.ORDER) - menu.offered(state.asked))

# SPDX-License-Identifier: Apache-2.0
"""What a caller may ask for whatever is being asked: to hear it differently, help, an end."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ivr.dialog import helping, menu
from ivr.dialog.state import (
    LEAST_SLOWNESS,
    MOST_SLOWNESS,
    Ending,
    Manner,
    Screen,
    State,
)
from ivr.dialog.types import Action, Meaning, Say, Text

MANNERS = {Meaning.SINGLY: Manner.SINGLY, Meaning.BACKWARDS: Manner.BACKWARDS}


@dataclass(frozen=True, slots=True)
class Obeyed:
    """Where a command leads: what is said `first`, then all of the screen or its question alone."""

    state: State
    first: tuple[Say, ...] = ()
    question_only: bool = False
    actions: tuple[Action, ...] = ()


def obey(state: State, meaning: Meaning) -> Obeyed | None:
    """What follows from a command; None when `meaning` is none."""
    here = replace(state.returned(), strikes=0, only=0)
    match meaning:
        case Meaning.REPEAT:
            return Obeyed(replace(state, repeats=state.repeats + 1, strikes=0, only=0))
        case Meaning.SLOWER:
            return Obeyed(replace(here, slowness=min(MOST_SLOWNESS, here.slowness + 1)))
        case Meaning.FASTER:
            slowness = max(LEAST_SLOWNESS, here.slowness - 1)
            return Obeyed(replace(here, slowness=slowness, repeats=0))
        case Meaning.SINGLY | Meaning.BACKWARDS:
            return Obeyed(replace(here, manner=MANNERS[meaning]))
        case Meaning.LANGUAGE:
            return _other_language(here)
        case Meaning.LINK:
            sent = Text("text_link")
            return Obeyed(here, (Say("link_sent"),), question_only=True, actions=(sent,))
        case Meaning.FORGET:
            return Obeyed(here.aside(Screen.FORGETTING))
        case Meaning.HELP:
            return _help(state)
        case Meaning.STOP:
            return Obeyed(state.end(Ending.STOPPED))
    return None


def _other_language(state: State) -> Obeyed:
    """On in the next of the languages; with one alone, in that."""
    languages = state.languages or (state.language,)
    at = languages.index(state.language) if state.language in languages else -1
    language = languages[(at + 1) % len(languages)]
    return Obeyed(replace(state, language=language), (Say("language_changed"),))


def _help(state: State) -> Obeyed:
    """Help on help goes on to its next page; where nothing can be chosen, the keys are named."""
    if state.screen is Screen.HELP:
        return Obeyed(helping.next_page(state))
    if not menu.offered(state.screen):
        return Obeyed(replace(state, strikes=0), (Say("help_yes_no"),), question_only=True)
    return Obeyed(state.aside(Screen.HELP))

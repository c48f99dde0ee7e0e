# SPDX-License-Identifier: Apache-2.0
"""One call's conversation: loaded, moved on by one event, stored, whichever way it is held.

The media stream and the keypad webhooks both speak through this and through nothing else, so a
call may change from one to the other between any two turns.
"""

from __future__ import annotations

from dataclasses import replace

from ivr import turns
from ivr.catalogue import Catalogue, languages, load
from ivr.dialog.machine import step
from ivr.dialog.state import Photo, State
from ivr.dialog.types import (
    Action,
    Answered,
    Event,
    Forget,
    PhotoRead,
    Remember,
    Say,
    Silence,
    Text,
)
from ivr.saved import Saved
from ivr.took import UNTIMED, Took
from worker import calls, uploads
from worker.calls import CallView, TurnRecord
from worker.store import Store

ATTEMPTS = 3  # the same call stepped at the same moment: by a late webhook, or a second stream


class ConversationError(Exception):
    """The conversation cannot go on; the caller is told kindly and may ring again."""


class UnknownCall(ConversationError):
    """There is no such call."""


class LostRace(ConversationError):
    """Others kept storing steps of this call."""


class MovedOn(ConversationError):
    """The call has another line now: this one's news are none any more."""


class Conversation:
    """What is said and asked on one call. Safe to keep for a whole stream or make per request."""

    def __init__(self, store: Store, call_id: int) -> None:
        """Raises UnknownCall."""
        self._store = store
        self._call_id = call_id
        view = self._view()
        self._version = view.version
        self._language = (Saved.of(view).dialog or _begin(view)).language
        self._line: int | None = None
        self.attended = False
        """Whether a person is known to be there: they rang us, or have said yes."""

    @property
    def catalogue(self) -> Catalogue:
        """The one of the language that is spoken now: the caller may change it at any time."""
        return load(self._language)

    @property
    def language(self) -> str:
        return self._language

    @property
    def version(self) -> int:
        """Rises with every step: it names the question that was asked last."""
        return self._version

    def step(self, event: Event, took: Took = UNTIMED) -> tuple[Action, ...]:
        """What is to be done about `event`, stored before it is returned.

        `Answered` also takes in photos that were read since: the worker moves a waiting call on
        by having it answered again. It opens a new line, and whoever opened one before gets
        `MovedOn` from then on. Raises ConversationError.
        """
        for _ in range(ATTEMPTS):
            actions = self._try(event, took)
            if actions is not None:
                return actions
        raise LostRace(f"call {self._call_id} is being stepped elsewhere")

    def _try(self, event: Event, took: Took) -> tuple[Action, ...] | None:
        """One attempt; None when somebody else stored a step in between."""
        view = self._view()
        saved = self._on_line(Saved.of(view), event)
        before = saved.dialog or _begin(view)
        events = _events(before, view, event)
        actions: tuple[Action, ...] = ()
        after = _caught_up(before, view, event)
        for happened in events:
            after, actions = step(after, happened)
        if Forget() in actions:  # first: a wish to be forgotten outlives whatever happens next
            calls.forget_after(self._store, view.caller_id)
        turn = turns.records(before.screen, events, actions, load(after.language), took)
        if not self._save(view, replace(saved, dialog=after), before, turn, actions):
            return None
        self._version, self._language = view.version + 1, after.language
        self._line = saved.line if isinstance(event, Answered) else self._line
        self.attended = after.inbound or after.person
        self._carry_out(view.caller_id, actions)
        return actions

    def _on_line(self, saved: Saved, event: Event) -> Saved:
        if isinstance(event, Answered):
            return replace(saved, line=saved.line + 1)
        if self._line not in (None, saved.line):
            raise MovedOn(f"call {self._call_id} has a newer line")
        return saved

    def _carry_out(self, caller_id: int, actions: tuple[Action, ...]) -> None:
        """What is not for the line to do."""
        for action in actions:
            match action:
                case Remember():
                    _remember(self._store, caller_id, action)
                case Text("text_link"):
                    self._text_link(caller_id)
                case Text(prompt):
                    body = self.catalogue.text(Say(prompt))
                    calls.queue_text(self._store, caller_id, f"{prompt}:{self._call_id}", body)

    def _text_link(self, caller_id: int) -> None:
        """A new one each time it is asked for: the one before may have been used, or expired."""
        key = f"text_link:{self._call_id}:{self._version}"
        words = self.catalogue.text(Say("text_link"))
        enough = self.catalogue.text(Say("text_links_enough"))
        uploads.text_link(self._store, caller_id, key, words, enough)

    def _save(
        self,
        view: CallView,
        saved: Saved,
        before: State,
        turn: tuple[TurnRecord, ...],
        actions: tuple[Action, ...],
    ) -> bool:
        after = saved.dialog or before
        return calls.save_step(
            self._store,
            self._call_id,
            version=view.version,
            state=saved.as_dict(),
            waiting=saved.waiting,
            turns=turn,
            confirmations=turns.confirmations(actions),
            told=after.told and not before.told,
        )

    def _view(self) -> CallView:
        view = calls.view(self._store, self._call_id)
        if view is None:
            raise UnknownCall(f"no call {self._call_id}")
        return view


def _begin(view: CallView) -> State:
    return State(
        language=view.language if view.language in languages() else "en",
        languages=languages(),
        slowness=view.slowness,
        inbound=view.direction == "inbound",
        first_time=view.first_time,
        consent=view.consent,
        chosen=view.chosen,
        test_consent=view.test_consent,
        photos=tuple(Photo(id, reading) for id, reading in view.readings),
        lost=view.lost,
    )


def _events(state: State, view: CallView, event: Event) -> tuple[Event, ...]:
    """What has happened by now: photos that were read come in the place of what led to them.

    A moved call is answered anew, and one that was given up for lost first has to be alive again;
    while waiting, every time-out looks for itself as well.
    """
    looks = isinstance(event, Answered) or (state.waiting and isinstance(event, Silence))
    news = _news(state, view) if looks else ()
    return (event, *news) if state.ended else news or (event,)


def _news(state: State, view: CallView) -> tuple[Event, ...]:
    """The photos that were read since the last step."""
    known = {photo.id for photo in state.photos}
    return tuple(
        PhotoRead(id, reading.as_dict()) for id, reading in view.readings if id not in known
    )


def _caught_up(state: State, view: CallView, event: Event) -> State:
    """The photo that was waited for may also turn out to be lost."""
    if state.begun and state.waiting and isinstance(event, Answered):
        return replace(state, lost=view.lost)
    return state


def _remember(store: Store, caller_id: int, action: Remember) -> None:
    match action.what:
        case "consent":
            calls.remember(store, caller_id, consent=action.value == "yes")
        case "test_consent":
            calls.remember(store, caller_id, test_consent=action.value == "yes")
        case "slowness":
            calls.remember(store, caller_id, slowness=int(action.value))
        case "language":
            calls.remember(store, caller_id, language=action.value)

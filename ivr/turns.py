# SPDX-License-Identifier: Apache-2.0
"""The record of a turn: what operators may see without digits, the words encrypted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ivr.catalogue import Catalogue
from ivr.dialog.types import (
    Action,
    Answered,
    Event,
    Forget,
    HangUp,
    Heard,
    HungUp,
    Keyed,
    PhotoRead,
    Say,
    Silence,
    Store,
    Text,
)
from ivr.took import UNTIMED, Took
from worker.calls import ConfirmationRecord, TurnRecord


def records(
    screen: str,
    events: Sequence[Event],
    actions: Sequence[Action],
    catalogue: Catalogue,
    took: Took = UNTIMED,
) -> tuple[TurnRecord, ...]:
    """What happened on `screen`, how long it took, and what was said and kept in answer to it."""
    happened = (_timed(_happened(screen, event), took) for event in events)
    return (*happened, *_answered(actions, catalogue))


def confirmations(actions: Sequence[Action]) -> tuple[ConfirmationRecord, ...]:
    return tuple(
        ConfirmationRecord(
            action.reading_id, action.label, action.digits, action.heard_by, action.confidence
        )
        for action in actions
        if isinstance(action, Store)
    )


def _timed(record: TurnRecord, took: Took) -> TurnRecord:
    times = took.as_dict()
    return replace(record, data={**record.data, "ms": times}) if times else record


def _happened(screen: str, event: Event) -> TurnRecord:
    match event:
        case Heard(meaning, confidence, text):
            data = {"screen": screen, "meaning": str(meaning), "confidence": round(confidence, 3)}
            return TurnRecord("caller", "heard", data, text)
        case Keyed(keys):
            return TurnRecord("caller", "keyed", {"screen": screen, "keys": len(keys)}, keys)
        case Silence():
            return TurnRecord("caller", "silence", {"screen": screen})
        case Answered():
            return TurnRecord("system", "answered", {"screen": screen})
        case PhotoRead(reading_id):
            return TurnRecord("system", "photo_read", {"screen": screen, "reading": reading_id})
        case HungUp():
            return TurnRecord("system", "hung_up", {"screen": screen})


def _answered(actions: Sequence[Action], catalogue: Catalogue) -> Iterator[TurnRecord]:
    for action in actions:
        match action:
            case Say(prompt):
                data = {"prompt": prompt, "pace": action.pace}
                yield TurnRecord("service", "said", data, catalogue.text(action))
            case Store(reading_id, label):
                data = {"reading": reading_id, "label": str(label), "heard_by": action.heard_by}
                yield TurnRecord("system", "label", data)
            case Text(prompt):
                yield TurnRecord("service", "text", {"prompt": prompt})
            case Forget():
                yield TurnRecord("system", "forget")
            case HangUp():
                yield TurnRecord("service", "hang_up")

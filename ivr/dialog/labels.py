# SPDX-License-Identifier: Apache-2.0
"""What an outcome is worth as a label: never more than the caller said."""

from __future__ import annotations

from ivr.dialog.state import Outcome, State, Verdict
from ivr.dialog.types import Store
from worker.records import Label


def stores(state: State) -> tuple[Store, ...]:
    """Everything certain at the end of a call, one action a reading.

    Of somebody who wants to be forgotten, nothing.
    """
    if state.forget:
        return ()
    return tuple(
        Store(
            reading_id=outcome.reading_id,
            label=label(outcome, knows=state.knows is True),
            digits=outcome.digits,
            heard_by=outcome.heard_by,
            confidence=outcome.confidence,
        )
        for outcome in state.outcomes
    )


def label(outcome: Outcome, *, knows: bool) -> Label:
    """Digits or a "yes" are evidence only from somebody who said they know the number."""
    match outcome.verdict:
        case Verdict.DENIED:
            return Label.DENIED
        case Verdict.KEYED if knows:
            return Label.KEYED
        case Verdict.SPOKEN if knows:
            return Label.SPOKEN
        case Verdict.ACCEPTED if knows:
            return Label.CONFIRMED
    return Label.UNVERIFIED

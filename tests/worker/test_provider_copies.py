# SPDX-License-Identifier: Apache-2.0
"""An operator deletes a caller: the provider's copies first, and never under a conversation."""

from __future__ import annotations

import pytest
from ledger import CALLER, LedgerStore, hold_line, text_photo
from sqlalchemy import func, select
from twilio_stand_in import TwilioStandIn

from worker import Job, calls
from worker.forgetting import forget_who_asked
from worker.gateway import Gateway, GatewayError
from worker.provider_copies import forget_with_copies
from worker.records import Caller


def count(store: LedgerStore) -> int:
    with store.snapshot() as session:
        return session.scalar(select(func.count()).select_from(Caller)) or 0


def refuse(sid: str, media_sids: list[str]) -> None:
    raise GatewayError("It cannot be asked.", permanent=False)


def test_the_providers_copies_go_first(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    text_photo(store, media=2)
    gone = forget_with_copies(store, CALLER, gateway.delete_message)
    assert gone is not None and gone.photos == 2
    assert len(twilio.asked("DELETE", "/Messages/")) == 3
    assert count(store) == 0


def test_what_the_provider_keeps_is_not_forgotten_here(store: LedgerStore) -> None:
    text_photo(store)
    with pytest.raises(GatewayError):
        forget_with_copies(store, CALLER, refuse)
    assert count(store) == 1


def test_who_is_on_the_line_goes_when_the_call_is_over(store: LedgerStore) -> None:
    call_id = hold_line(store)
    assert forget_with_copies(store, CALLER, refuse) is None
    calls.set_status(store, call_id, "completed")
    [caller_id] = store.queued(Job.FORGET)
    forget_who_asked(store, caller_id)
    assert count(store) == 0


def test_nobody_is_no_error(store: LedgerStore) -> None:
    gone = forget_with_copies(store, CALLER, refuse)
    assert gone is not None and gone.callers == 0

# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace

import pytest
from ledger import CALLER, LedgerStore, read_all, text_photo
from sqlalchemy import select
from twilio_stand_in import Answer, TwilioStandIn

from worker import Job, Settings, calls, inbox
from worker.delivery import deliver
from worker.gateway import STOPPED, Gateway
from worker.records import Call, Caller, CallStatus, Turn, utcnow
from worker.ringing import place_call
from worker.upkeep import reap


class Killed(BaseException):
    """The process dies here."""


class DiesOnceItHasRung(Gateway):
    def place_call(self, number: str, *, answer_url: str, status_url: str) -> str:
        super().place_call(number, answer_url=answer_url, status_url=status_url)
        raise Killed


def order_call(store: LedgerStore, gateway: Gateway, number: int = 1) -> int:
    """A message is read and about to be delivered; the id of the call to place."""
    message_id = text_photo(store, number)
    read_all(store)
    deliver(store, gateway, message_id)
    return store.queued(Job.PLACE_CALL)[-1]


def call(store: LedgerStore, call_id: int) -> Call:
    with store.snapshot() as session:
        return session.get_one(Call, call_id)


def lapse(store: LedgerStore, call_id: int) -> None:
    with store.session() as session:
        session.get_one(Call, call_id).claimed_at = utcnow().replace(year=2000)


def dying(gateway: Gateway) -> Gateway:
    return DiesOnceItHasRung(gateway._settings, sleep=lambda seconds: None)


def test_the_caller_is_rung_at_the_number_that_wrote(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    call_id = order_call(store, gateway)
    place_call(store, gateway, call_id)
    [sid] = twilio.calls
    [seen] = twilio.seen
    assert seen.form["To"] == CALLER
    assert str(seen.form["Url"]).endswith(f"/voice/answer/{call_id}")
    assert str(seen.form["StatusCallback"]).endswith(f"/voice/status/{call_id}")
    assert (call(store, call_id).sid, call(store, call_id).status) == (sid, CallStatus.INITIATED)


def test_a_call_is_placed_once_however_often_it_is_queued(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    call_id = order_call(store, gateway)
    place_call(store, gateway, call_id)
    place_call(store, gateway, call_id)
    assert len(twilio.calls) == 1


def test_a_worker_killed_after_ringing_does_not_ring_twice(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    call_id = order_call(store, gateway)
    mortal = dying(gateway)
    with pytest.raises(Killed):
        place_call(store, mortal, call_id)
    mortal.close()
    assert (call(store, call_id).sid, call(store, call_id).status) == (None, CallStatus.PLACING)
    lapse(store, call_id)
    reap(store)
    place_call(store, gateway, store.queued(Job.PLACE_CALL)[-1])
    [sid] = twilio.calls
    assert (call(store, call_id).sid, call(store, call_id).status) == (sid, CallStatus.INITIATED)


def test_twilios_own_report_also_tells_which_call_it_was(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    call_id = order_call(store, gateway)
    mortal = dying(gateway)
    with pytest.raises(Killed):
        place_call(store, mortal, call_id)
    mortal.close()
    [sid] = twilio.calls
    assert calls.set_status(store, call_id, "ringing", sid=sid)
    lapse(store, call_id)
    reap(store)
    place_call(store, gateway, call_id)
    assert len(twilio.calls) == 1 and call(store, call_id).sid == sid


@pytest.mark.parametrize(
    "lost", [Answer(cut=True, after_doing=True), Answer(502, after_doing=True)]
)
def test_a_lost_answer_does_not_ring_twice(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn, lost: Answer
) -> None:
    call_id = order_call(store, gateway)
    twilio.will(r"Calls\.json", lost)
    place_call(store, gateway, call_id)
    place_call(store, gateway, call_id)
    lapse(store, call_id)
    reap(store)
    place_call(store, gateway, call_id)
    assert len(twilio.calls) == 1
    assert call(store, call_id).sid in twilio.calls


def test_a_request_that_never_arrived_is_made_later(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    call_id = order_call(store, gateway)
    twilio.will(r"Calls\.json", Answer(429, 20429), times=3)
    place_call(store, gateway, call_id)
    assert call(store, call_id).status == CallStatus.QUEUED
    place_call(store, gateway, call_id)
    assert len(twilio.calls) == 1


def test_a_number_twilio_refuses_is_not_asked_for_again(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    call_id = order_call(store, gateway)
    twilio.will(r"Calls\.json", Answer(400, 21215))
    place_call(store, gateway, call_id)
    assert call(store, call_id).status == CallStatus.FAILED
    with store.snapshot() as session:
        turn = session.scalars(select(Turn)).one()
        assert (turn.kind, turn.data) == ("not_rung", {"why": "refused", "code": 21215})
    reap(store)
    assert store.queued(Job.PLACE_CALL) == [call_id]


def test_a_number_that_has_told_twilio_stop_is_never_rung_again(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    call_id = order_call(store, gateway)
    twilio.will(r"Calls\.json", Answer(400, STOPPED))
    place_call(store, gateway, call_id)
    with store.snapshot() as session:
        assert session.scalars(select(Caller.stopped_at)).one() is not None


def test_a_caller_who_stops_before_the_ring_is_not_rung(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    call_id = order_call(store, gateway)
    inbox.stop(store, CALLER)
    place_call(store, gateway, call_id)
    assert twilio.seen == [] and call(store, call_id).status == CallStatus.CANCELED


def test_one_number_is_not_rung_more_often_a_day_than_allowed(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn, settings: Settings
) -> None:
    strict = replace(store, settings=settings.model_copy(update={"calls_per_day": 2}))
    for number in range(3):
        call_id = order_call(strict, gateway, number)
        place_call(strict, gateway, call_id)
        calls.set_status(strict, call_id, "completed")
    assert len(twilio.calls) == 2
    assert call(store, call_id).status == CallStatus.CANCELED


def test_a_report_that_overtakes_the_answer_to_placing_stands(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    call_id = order_call(store, gateway)

    class ReportsFirst(Gateway):
        def place_call(self, number: str, *, answer_url: str, status_url: str) -> str:
            sid = super().place_call(number, answer_url=answer_url, status_url=status_url)
            calls.set_status(store, call_id, "ringing", sid=sid)
            return sid

    hasty = ReportsFirst(gateway._settings)
    place_call(store, hasty, call_id)
    hasty.close()
    assert call(store, call_id).status == CallStatus.RINGING

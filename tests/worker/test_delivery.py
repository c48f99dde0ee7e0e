# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from ledger import CALLER, LedgerStore, hold_line, read_all, text_photo
from sqlalchemy import select
from twilio_stand_in import Answer, TwilioStandIn

from worker import Job, calls, inbox
from worker.delivery import deliver
from worker.gateway import Gateway, GatewayError
from worker.records import Call, CallStatus


def read_message(store: LedgerStore, number: int = 1) -> int:
    message_id = text_photo(store, number)
    read_all(store)
    store.jobs.clear()
    return message_id


def wait_on(store: LedgerStore, call_id: int, version: int, *, told: bool = False) -> None:
    """The dialog of a call holds the line for the next photo."""
    assert calls.save_step(
        store,
        call_id,
        version=version,
        state={},
        waiting=True,
        turns=[],
        confirmations=[],
        told=told,
    )


def all_calls(store: LedgerStore) -> list[Call]:
    with store.snapshot() as session:
        return list(session.scalars(select(Call).order_by(Call.id)))


def test_the_number_that_wrote_is_rung(store: LedgerStore, gateway: Gateway) -> None:
    message_id = read_message(store)
    deliver(store, gateway, message_id)
    [call] = all_calls(store)
    assert (call.delivers, call.direction, call.status) == (
        message_id,
        "outbound",
        CallStatus.QUEUED,
    )
    assert store.queued(Job.PLACE_CALL) == [call.id]


def test_delivering_twice_makes_one_call(store: LedgerStore, gateway: Gateway) -> None:
    message_id = read_message(store)
    deliver(store, gateway, message_id)
    deliver(store, gateway, message_id)
    assert len(all_calls(store)) == 1


def test_a_message_that_is_not_read_yet_is_not_delivered(
    store: LedgerStore, gateway: Gateway
) -> None:
    deliver(store, gateway, text_photo(store))
    assert all_calls(store) == []


def test_a_message_without_photos_is_not_delivered(store: LedgerStore, gateway: Gateway) -> None:
    deliver(store, gateway, text_photo(store, media=0))
    assert all_calls(store) == []


def test_a_message_that_is_gone_is_not_delivered(store: LedgerStore, gateway: Gateway) -> None:
    deliver(store, gateway, 404)
    assert all_calls(store) == []


def test_a_caller_who_stopped_meanwhile_is_not_rung(store: LedgerStore, gateway: Gateway) -> None:
    message_id = read_message(store)
    inbox.stop(store, CALLER)
    deliver(store, gateway, message_id)
    assert all_calls(store) == []


def test_a_caller_who_holds_the_line_is_told_there(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    call_id = hold_line(store)
    message_id = read_message(store)
    deliver(store, gateway, message_id)
    [seen] = twilio.asked("POST", "Calls")
    assert str(seen.form["Url"]).endswith(f"/voice/answer/{call_id}")
    view = calls.view(store, call_id)
    assert view is not None and [reading.text for _, reading in view.readings] == ["482"]
    assert len(all_calls(store)) == 1


def test_a_caller_who_hung_up_while_waiting_is_rung_back(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    call_id = hold_line(store)
    message_id = read_message(store)
    twilio.will("Calls", Answer(404, 20404))
    deliver(store, gateway, message_id)
    assert all_calls(store)[0].status == CallStatus.COMPLETED
    assert store.queued(Job.DELIVER) == [message_id]
    deliver(store, gateway, message_id)
    back = all_calls(store)[1]
    assert (back.direction, back.delivers) == ("outbound", message_id)
    assert back.id != call_id


def test_a_move_that_failed_is_tried_again(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    hold_line(store)
    message_id = read_message(store)
    twilio.will("Calls", Answer(500), times=3)
    with pytest.raises(GatewayError):
        deliver(store, gateway, message_id)
    deliver(store, gateway, message_id)
    assert len(twilio.asked("POST", "Calls")) == 4
    assert len(all_calls(store)) == 1


def test_a_caller_in_the_middle_of_a_call_is_told_when_it_ends(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    view = calls.start_inbound(store, "CA" + "9" * 32, CALLER, "ko")
    message_id = read_message(store)
    deliver(store, gateway, message_id)
    assert twilio.seen == [] and len(all_calls(store)) == 1
    calls.set_status(store, view.id, "completed")
    assert store.queued(Job.DELIVER) == [message_id]
    deliver(store, gateway, message_id)
    assert len(all_calls(store)) == 2


def test_a_caller_whose_call_begins_to_wait_is_told_on_it(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    view = calls.start_inbound(store, "CA" + "9" * 32, CALLER, "ko")
    message_id = read_message(store)
    deliver(store, gateway, message_id)
    wait_on(store, view.id, 0)
    assert store.queued(Job.DELIVER) == [message_id]
    deliver(store, gateway, message_id)
    assert len(twilio.asked("POST", "Calls")) == 1


def test_the_next_photo_of_a_call_replaces_the_first(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    """After a bad photo the caller stays on the line and sends another."""
    call_id = hold_line(store)
    first = read_message(store)
    deliver(store, gateway, first)
    wait_on(store, call_id, 1, told=True)
    second = read_message(store, 2)
    deliver(store, gateway, second)
    assert [call.delivers for call in all_calls(store)] == [second]
    assert len(twilio.asked("POST", "Calls")) == 2


def test_of_two_photos_at_once_neither_is_lost(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    """Both are read before the line has moved on to the first."""
    call_id = hold_line(store)
    first, second = read_message(store), read_message(store, 2)
    deliver(store, gateway, first)
    deliver(store, gateway, second)
    assert all_calls(store)[0].delivers == first
    wait_on(store, call_id, 1, told=True)
    assert store.queued(Job.DELIVER) == [second]
    deliver(store, gateway, second)
    assert [call.delivers for call in all_calls(store)] == [second]


def test_a_photo_sent_during_a_call_that_ended_too_soon_is_rung_about(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    call_id = hold_line(store)
    message_id = read_message(store)
    deliver(store, gateway, message_id)
    calls.save_step(  # the dialog takes note that the line is gone
        store, call_id, version=1, state={}, waiting=False, turns=[], confirmations=[]
    )
    calls.set_status(store, call_id, "completed")
    assert store.queued(Job.DELIVER) == [message_id]
    deliver(store, gateway, message_id)
    assert all_calls(store)[1].delivers == message_id


def test_who_rings_again_before_we_know_they_hung_up_is_told_on_that_line(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    message_id = read_message(store)
    deliver(store, gateway, message_id)
    calls.set_status(store, 1, "in-progress", sid="CA1")
    again = hold_line(store)
    calls.set_status(store, 1, "completed", sid="CA1")
    assert store.queued(Job.DELIVER)[-1] == message_id
    deliver(store, gateway, message_id)
    assert [call.delivers for call in all_calls(store)] == [None, message_id]
    assert again == 2 and len(twilio.seen) == 1, "the held line was moved on"


def test_nobody_is_rung_twice_about_a_photo_they_hung_up_on(
    store: LedgerStore, gateway: Gateway
) -> None:
    message_id = read_message(store)
    deliver(store, gateway, message_id)
    calls.set_status(store, 1, "in-progress", sid="CA1")
    calls.set_status(store, 1, "completed", sid="CA1")
    deliver(store, gateway, message_id)
    assert len(all_calls(store)) == 1


def test_a_second_message_waits_for_the_call_about_the_first(
    store: LedgerStore, gateway: Gateway
) -> None:
    first, second = read_message(store), read_message(store, 2)
    deliver(store, gateway, first)
    deliver(store, gateway, second)
    [call] = all_calls(store)
    assert call.delivers == first
    calls.set_status(store, call.id, "completed")
    assert store.queued(Job.DELIVER)[-1] == second


def test_a_line_held_by_somebody_else_is_left_alone(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    hold_line(store, caller="+15005550001")
    deliver(store, gateway, read_message(store))
    assert twilio.seen == []
    assert all_calls(store)[1].direction == "outbound"

# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from ledger import CALLER, LedgerStore, text_photo
from twilio_stand_in import Answer, TwilioStandIn

from worker import Inbound, Job, calls, inbox
from worker.gateway import STOPPED, Gateway
from worker.records import Caller, Text, TextStatus, utcnow
from worker.texts import send_text
from worker.upkeep import reap


def write(store: LedgerStore, key: str = "welcome") -> int:
    text_photo(store, media=0) if not store.queued(Job.SEND_TEXT) else None
    return calls.queue_text(store, 1, key, "Good day.")


def status(store: LedgerStore) -> str:
    with store.snapshot() as session:
        return session.get_one(Text, 1).status


def lapse_and_reap(store: LedgerStore) -> None:
    with store.session() as session:
        session.get_one(Text, 1).claimed_at = utcnow().replace(year=2000)
    reap(store)


def test_a_text_is_sent_once_however_often_it_is_asked_for(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    assert write(store) == write(store)
    for text_id in store.queued(Job.SEND_TEXT) * 2:
        send_text(store, gateway, text_id)
    [sent] = twilio.texts.values()
    assert (sent["to"], sent["body"]) == (CALLER, "Good day.")
    assert status(store) == TextStatus.SENT


def test_texts_with_different_keys_are_different_texts(store: LedgerStore) -> None:
    assert write(store, "welcome") != write(store, "farewell")


def test_a_text_goes_to_the_channel_the_caller_last_wrote_by(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    inbox.receive(store, Inbound("SM1", f"whatsapp:{CALLER}", "whatsapp", (), "ko"))
    send_text(store, gateway, calls.queue_text(store, 1, "welcome", "Good day."))
    assert [sent["to"] for sent in twilio.texts.values()] == [f"whatsapp:{CALLER}"]


def test_a_caller_who_has_stopped_gets_no_text(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    text_id = write(store)
    inbox.stop(store, CALLER)
    send_text(store, gateway, text_id)
    assert twilio.seen == [] and status(store) == TextStatus.FAILED


def test_a_number_that_has_told_twilio_stop_counts_as_stopped(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    twilio.will("Messages", Answer(400, STOPPED))
    send_text(store, gateway, write(store))
    with store.snapshot() as session:
        assert session.get_one(Caller, 1).stopped_at is not None
    assert status(store) == TextStatus.FAILED


@pytest.mark.parametrize(
    "lost", [Answer(cut=True, after_doing=True), Answer(500, after_doing=True)]
)
def test_a_lost_answer_does_not_text_twice(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn, lost: Answer
) -> None:
    twilio.will("Messages", lost)
    text_id = write(store)
    send_text(store, gateway, text_id)
    assert status(store) == TextStatus.SENDING
    lapse_and_reap(store)
    send_text(store, gateway, text_id)
    assert len(twilio.texts) == 1 and status(store) == TextStatus.SENT


def test_a_text_that_was_turned_away_is_sent_later(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    twilio.will("Messages", Answer(503), times=3)
    text_id = write(store)
    send_text(store, gateway, text_id)
    lapse_and_reap(store)
    assert store.queued(Job.SEND_TEXT) == [text_id, text_id]
    send_text(store, gateway, text_id)
    assert len(twilio.texts) == 1

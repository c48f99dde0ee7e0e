# SPDX-License-Identifier: Apache-2.0
"""Where a call stands: out of order, twice, of unknown calls; and the health of the process."""

from __future__ import annotations

import pytest
from sample_readings import reading
from signed_phone import CALLER, SERVICE, SignedPhone, sid
from sqlalchemy import select
from told_photo import lose_table, read_message, ring_back

from ivr.conversation import Conversation
from ivr.dialog.types import Answered, Heard, Meaning
from worker import Store, calls
from worker.records import Confirmation, Text

TO_CALLER = {"From": SERVICE, "To": CALLER, "Direction": "outbound-api"}
YES, NO = Heard(Meaning.YES, 1.0), Heard(Meaning.NO, 1.0)


@pytest.fixture
def call_id(store: Store) -> int:
    message_id = read_message(store, sid("MM", 1), CALLER, reading("482915"))
    return ring_back(store, message_id, sid("CA", 1))


def report(phone: SignedPhone, call_id: int, status: str, number: int = 1) -> int:
    form = TO_CALLER | {"CallStatus": status}
    return phone.call(f"/status/{call_id}", number, **form).status_code


def status(store: Store, call_id: int) -> str:
    view = calls.view(store, call_id)
    assert view is not None
    return view.status


def texts(store: Store) -> list[str]:
    with store.snapshot() as session:
        return list(session.scalars(select(Text.body)))


def test_reports_out_of_order_never_take_a_call_back(
    phone: SignedPhone, store: Store, call_id: int
) -> None:
    for reported in ("in-progress", "ringing", "completed", "in-progress", "initiated"):
        assert report(phone, call_id, reported) == 204
    assert status(store, call_id) == "completed"


def test_a_report_of_an_unknown_call_is_not_found(phone: SignedPhone) -> None:
    assert report(phone, 999, "completed") == 404


def test_a_report_of_another_call_changes_nothing(
    phone: SignedPhone, store: Store, call_id: int
) -> None:
    assert report(phone, call_id, "completed", number=9) == 204
    assert status(store, call_id) == "initiated"


def test_a_status_nobody_knows_changes_nothing(
    phone: SignedPhone, store: Store, call_id: int
) -> None:
    assert report(phone, call_id, "teleported") == 204
    assert status(store, call_id) == "initiated"


@pytest.mark.parametrize("outcome", ["busy", "no-answer", "failed"])
def test_who_is_not_reached_is_texted_once_and_without_digits(
    phone: SignedPhone, store: Store, call_id: int, outcome: str
) -> None:
    report(phone, call_id, outcome)
    report(phone, call_id, outcome)
    [body] = texts(store)
    assert "이 번호로 전화" in body
    assert not any(character.isdigit() for character in body)


def test_a_voicemail_that_answered_is_nobody_reached(
    phone: SignedPhone, store: Store, call_id: int
) -> None:
    Conversation(store, call_id).step(Answered())
    report(phone, call_id, "completed")
    assert len(texts(store)) == 1


@pytest.mark.parametrize("answers", [(YES,), (NO,)])
def test_who_answered_is_not_texted(
    phone: SignedPhone, store: Store, call_id: int, answers: tuple[Heard, ...]
) -> None:
    conversation = Conversation(store, call_id)
    for event in (Answered(), *answers):
        conversation.step(event)
    report(phone, call_id, "completed")
    assert texts(store) == []


def test_what_was_certain_when_the_line_went_is_kept(
    phone: SignedPhone, store: Store, call_id: int
) -> None:
    conversation = Conversation(store, call_id)
    for event in (Answered(), YES, NO):
        conversation.step(event)
    report(phone, call_id, "completed")
    with store.snapshot() as session:
        kept = session.scalars(select(Confirmation)).one()
        assert (kept.label, kept.secret) == ("denied", {"text": "482915"})


def test_a_call_that_rang_in_is_known_by_its_sid(phone: SignedPhone, store: Store) -> None:
    phone.call("/incoming")
    answer = phone.call("/status", CallStatus="completed")
    assert answer.status_code == 204
    call_id = calls.find(store, sid("CA", 1))
    assert call_id is not None
    assert status(store, call_id) == "completed"
    assert texts(store) == []
    assert phone.call("/status", 7, CallStatus="completed").status_code == 404


def test_a_healthy_process_says_so(phone: SignedPhone) -> None:
    answer = phone.client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_a_process_without_its_database_says_so(phone: SignedPhone, store: Store) -> None:
    lose_table(store, "call")
    assert phone.client.get("/healthz").status_code == 503

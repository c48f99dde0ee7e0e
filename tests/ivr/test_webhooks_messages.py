# SPDX-License-Identifier: Apache-2.0
"""What comes by text: photos, words, stops, machines, the same thing twice."""

from __future__ import annotations

import pytest
from signed_phone import CALLER, SignedPhone, twiml
from sqlalchemy import func, select
from told_photo import lose_table

from worker import Store
from worker.records import Caller, Message, Photo


def count(store: Store, table: type) -> int:
    with store.snapshot() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def reply(document: object) -> str:
    return " ".join(m.text or "" for m in document.iter("Message"))  # type: ignore[attr-defined]


def test_a_photo_is_recorded_and_answered_with_silence(phone: SignedPhone, store: Store) -> None:
    assert list(twiml(phone.text(photos=1))) == []
    assert count(store, Photo) == 1


def test_a_duplicate_message_changes_nothing(phone: SignedPhone, store: Store) -> None:
    phone.text(photos=2)
    assert list(twiml(phone.text(photos=2))) == []
    assert count(store, Message) == 1
    assert count(store, Photo) == 2


def test_ten_photos_are_ten_photos(phone: SignedPhone, store: Store) -> None:
    phone.text(photos=10)
    assert count(store, Photo) == 10


def test_a_message_without_a_photo_gets_a_link_in_the_callers_language(
    phone: SignedPhone,
) -> None:
    assert "손소리" in reply(twiml(phone.text(Body="hello")))
    assert "Sonsori" in reply(twiml(phone.text(2, Body="hello", From="+12025550117")))


def test_every_message_gets_a_link_of_its_own_up_to_a_limit(
    phone: SignedPhone, store: Store
) -> None:
    most = store.settings.links_per_hour
    replies = [reply(twiml(phone.text(n, Body="hello"))) for n in range(most + 1)]
    assert len({text.partition("/photo/")[2] for text in replies[:most]} - {""}) == most
    assert "/photo/" not in replies[most] and "마지막 링크" in replies[most]


def test_a_link_is_sent_once_however_often_the_message_is_delivered(phone: SignedPhone) -> None:
    phone.text(Body="hello")
    assert reply(twiml(phone.text(Body="hello"))) == ""


def test_a_media_address_that_is_none_is_no_photo(phone: SignedPhone, store: Store) -> None:
    answer = phone.text(NumMedia="1", MediaUrl0="http://169.254.169.254/latest/meta-data")
    assert "손소리" in reply(twiml(answer))
    assert count(store, Photo) == 0


def test_whatsapp_is_the_same_caller_by_another_channel(phone: SignedPhone, store: Store) -> None:
    phone.text(1, photos=1)
    phone.text(2, photos=1, From=f"whatsapp:{CALLER}")
    assert count(store, Caller) == 1
    with store.snapshot() as session:
        assert set(session.scalars(select(Message.channel))) == {"mms", "whatsapp"}


@pytest.mark.parametrize(
    "form",
    [{"Body": "STOP"}, {"Body": " Stop "}, {"Body": "수신거부"}, {"OptOutType": "STOP"}],
    ids=str,
)
def test_a_stop_is_kept_and_not_answered(
    phone: SignedPhone, store: Store, form: dict[str, str]
) -> None:
    assert list(twiml(phone.text(**form))) == []
    with store.snapshot() as session:
        assert session.scalars(select(Caller)).one().stopped_at is not None


def test_a_start_undoes_a_stop(phone: SignedPhone, store: Store) -> None:
    phone.text(1, Body="STOP")
    assert list(twiml(phone.text(2, Body="START"))) == []
    with store.snapshot() as session:
        assert session.scalars(select(Caller)).one().stopped_at is None


def test_twilio_answers_help_itself(phone: SignedPhone) -> None:
    assert list(twiml(phone.text(Body="HELP"))) == []


@pytest.mark.parametrize("number", ["72237", "SonsoriBank", "whatsapp:+"])
def test_a_machine_that_cannot_be_rung_is_not_answered(
    phone: SignedPhone, store: Store, number: str
) -> None:
    assert list(twiml(phone.text(Body="Your code is 1", From=number))) == []
    assert count(store, Caller) == 0


@pytest.mark.parametrize("missing", ["From", "MessageSid"])
def test_a_message_without_its_fields_is_a_bad_request(phone: SignedPhone, missing: str) -> None:
    assert phone.text(**{missing: ""}).status_code == 400


def test_a_failure_of_ours_is_told_to_the_sender(phone: SignedPhone, store: Store) -> None:
    lose_table(store, "message")
    assert "다시 보내 주세요" in reply(twiml(phone.text(photos=1)))

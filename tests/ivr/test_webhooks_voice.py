# SPDX-License-Identifier: Apache-2.0
"""What comes by telephone: streams that are opened, and calls that go on by keys."""

from __future__ import annotations

import pytest
from sample_readings import reading
from signed_phone import CALLER, PUBLIC_URL, SERVICE, SignedPhone, sid, twiml, words
from sqlalchemy import select
from told_photo import lose_table, read_message, ring_back

from ivr.conversation import Conversation
from ivr.dialog.types import Answered, Heard, HungUp, Keyed, Meaning
from worker import Store, calls
from worker.records import Call, Confirmation

TO_CALLER = {"From": SERVICE, "To": CALLER, "Direction": "outbound-api"}


@pytest.fixture
def call_id(store: Store) -> int:
    """A ring-back about "482915" that was just answered."""
    message_id = read_message(store, sid("MM", 1), CALLER, reading("482915"))
    return ring_back(store, message_id, sid("CA", 1))


def keys_path(document: object) -> str:
    gather = document.find("Gather")  # type: ignore[attr-defined]
    assert gather is not None
    return str(gather.get("action")).removeprefix(f"{PUBLIC_URL}/voice")


def test_a_call_that_rings_in_is_put_on_a_stream(phone: SignedPhone, store: Store) -> None:
    document = twiml(phone.call("/incoming"))
    connect = document[0]
    assert connect.tag == "Connect"
    call_id = calls.find(store, sid("CA", 1))
    assert connect.get("action") == f"{PUBLIC_URL}/voice/after/{call_id}"
    assert connect[0].get("url") == "wss://sonsori.example/voice/stream"
    given = {p.get("name"): p.get("value") for p in connect[0]}
    assert given["call"] == str(call_id)
    assert len(given["token"] or "") >= 32


def test_a_stream_that_cannot_be_opened_does_not_end_the_call(phone: SignedPhone) -> None:
    document = twiml(phone.call("/incoming"))
    assert document[1].tag == "Redirect"
    assert document[1].text == document[0].get("action")


def test_the_same_call_announced_twice_is_one_call(phone: SignedPhone, store: Store) -> None:
    phone.call("/incoming")
    twiml(phone.call("/incoming"))
    with store.snapshot() as session:
        assert len(list(session.scalars(select(Call)))) == 1


@pytest.mark.parametrize("number", ["anonymous", "+266696687", "sip:someone"])
def test_who_hides_their_number_is_told_why_nothing_can_be_found(
    phone: SignedPhone, number: str
) -> None:
    document = twiml(phone.call("/incoming", From=number))
    assert "number" in words(document)
    assert document[-1].tag == "Hangup"


def test_a_call_of_ours_that_is_answered_is_put_on_a_stream(
    phone: SignedPhone, store: Store, call_id: int
) -> None:
    document = twiml(phone.call(f"/answer/{call_id}", **TO_CALLER))
    assert document[0].tag == "Connect"
    view = calls.view(store, call_id)
    assert view is not None
    assert view.status == "in-progress"


def test_another_calls_sid_opens_nothing(phone: SignedPhone, call_id: int) -> None:
    for path in (f"/answer/{call_id}", f"/after/{call_id}", f"/keys/{call_id}?version=0"):
        assert [verb.tag for verb in twiml(phone.call(path, number=9))] == ["Hangup"]


def test_a_call_nobody_knows_is_hung_up(phone: SignedPhone) -> None:
    for path in ("/answer/999", "/after/999", "/keys/999?version=1"):
        assert [verb.tag for verb in twiml(phone.call(path))] == ["Hangup"]


def test_when_the_stream_breaks_the_call_goes_on_by_keys(
    phone: SignedPhone, store: Store, call_id: int
) -> None:
    Conversation(store, call_id).step(Answered())
    document = twiml(phone.call(f"/after/{call_id}", **TO_CALLER))
    gather = document[0]
    assert (gather.tag, gather.get("finishOnKey"), gather.get("timeout")) == ("Gather", "#", "2")
    assert "들으시겠습니까?" in words(document)
    assert document[1].tag == "Redirect"


def test_a_whole_call_goes_by_keys(phone: SignedPhone, store: Store, call_id: int) -> None:
    document = twiml(phone.call(f"/after/{call_id}", **TO_CALLER))
    said = []
    for key in "12":
        document = twiml(phone.call(keys_path(document), Digits=key, **TO_CALLER))
        said.append(words(document))
    assert "사, 팔, 이. 구, 일, 오." in said[0]
    assert document[0].get("finishOnKey") == "#"
    document = twiml(phone.call(keys_path(document), Digits="482917", **TO_CALLER))
    assert "구, 일, 칠." in words(document)
    for key in "111":
        document = twiml(phone.call(keys_path(document), Digits=key, **TO_CALLER))
    assert document[-1].tag == "Hangup"
    with store.snapshot() as session:
        kept = session.scalars(select(Confirmation)).one()
        assert (kept.label, kept.secret) == ("keyed", {"text": "482917"})


def test_a_number_keyed_at_the_question_is_read_back(phone: SignedPhone, call_id: int) -> None:
    document = twiml(phone.call(f"/after/{call_id}", **TO_CALLER))
    for keys in ("1", "482917"):
        document = twiml(phone.call(keys_path(document), Digits=keys, **TO_CALLER))
    assert words(document).startswith("누르신 번호입니다. 사, 팔, 이. 구, 일, 칠.")


def test_the_same_keys_delivered_twice_count_once(phone: SignedPhone, call_id: int) -> None:
    asked = keys_path(twiml(phone.call(f"/after/{call_id}", **TO_CALLER)))
    first = words(twiml(phone.call(asked, Digits="1", **TO_CALLER)))
    again = words(twiml(phone.call(asked, Digits="1", **TO_CALLER)))
    assert first == again
    assert "맞습니까?" in again


def test_no_key_in_time_is_silence_and_pound_alone_is_not(phone: SignedPhone, call_id: int) -> None:
    document = twiml(phone.call(f"/after/{call_id}", **TO_CALLER))
    document = twiml(phone.call(keys_path(document), Digits="", **TO_CALLER))
    assert words(document).startswith("듣고 있습니다.")
    document = twiml(phone.call(keys_path(document), Digits="", FinishedOnKey="#", **TO_CALLER))
    assert words(document).startswith("이번에도 제가 알아듣지 못했습니다.")


def test_a_slower_repeat_makes_pauses(phone: SignedPhone, call_id: int) -> None:
    document = twiml(phone.call(f"/after/{call_id}", **TO_CALLER))
    assert document.find(".//Pause[@length='1']") is None
    for key in "1*":
        document = twiml(phone.call(keys_path(document), Digits=key, **TO_CALLER))
    assert document.find(".//Pause[@length='1']") is not None


def test_another_language_is_spoken_from_the_next_word(phone: SignedPhone, call_id: int) -> None:
    document = twiml(phone.call(f"/after/{call_id}", **TO_CALLER))
    for key in "07":
        document = twiml(phone.call(keys_path(document), Digits=key, **TO_CALLER))
    assert words(document).startswith("I will speak English. This is Sonsori.")
    assert {say.get("language") for say in document.iter("Say")} == {"en-US"}


def test_in_the_help_one_key_is_enough(phone: SignedPhone, call_id: int) -> None:
    document = twiml(phone.call(f"/after/{call_id}", **TO_CALLER))
    document = twiml(phone.call(keys_path(document), Digits="0", **TO_CALLER))
    assert (document[0].get("numDigits"), document[0].get("finishOnKey")) == ("1", "")


def test_after_the_goodbye_the_stream_is_followed_by_the_end(
    phone: SignedPhone, store: Store, call_id: int
) -> None:
    conversation = Conversation(store, call_id)
    conversation.step(Answered())
    conversation.step(Heard(Meaning.STOP, 1.0))
    assert [v.tag for v in twiml(phone.call(f"/after/{call_id}", **TO_CALLER))] == ["Hangup"]


def test_a_stream_that_said_the_line_was_gone_is_taken_up_by_keys(
    phone: SignedPhone, store: Store, call_id: int
) -> None:
    conversation = Conversation(store, call_id)
    for event in (Answered(), Keyed("1"), HungUp()):
        conversation.step(event)
    document = twiml(phone.call(f"/after/{call_id}", **TO_CALLER))
    assert "맞습니까?" in words(document)


def test_a_failure_of_ours_is_told_kindly_and_ends(
    phone: SignedPhone, store: Store, call_id: int
) -> None:
    lose_table(store, "call")
    document = twiml(phone.call(f"/after/{call_id}", **TO_CALLER))
    assert "죄송합니다" in words(document)
    assert document[-1].tag == "Hangup"
    assert "sorry" in words(twiml(phone.call("/incoming", From="+12025550117")))

# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import base64
import logging
import threading
from datetime import timedelta

import pytest
from ledger import CALLER, MEDIA_SID, message_sid
from twilio_stand_in import Answer, TwilioStandIn

from worker import Settings
from worker.gateway import STOPPED, TRIES, Gateway, GatewayError
from worker.records import utcnow

SID = "CA" + "1" * 32


def place(gateway: Gateway) -> str:
    return gateway.place_call(CALLER, answer_url="http://us/answer", status_url="http://us/status")


def test_a_call_is_placed_with_where_to_go_on_and_where_to_report(
    gateway: Gateway, twilio: TwilioStandIn, settings: Settings
) -> None:
    sid = place(gateway)
    [seen] = twilio.seen
    assert sid in twilio.calls
    assert seen.path == f"/2010-04-01/Accounts/{settings.twilio_account_sid}/Calls.json"
    assert seen.form["To"] == CALLER
    assert seen.form["From"] == settings.twilio_number
    assert (seen.form["Url"], seen.form["StatusCallback"]) == (
        "http://us/answer",
        "http://us/status",
    )
    assert seen.form["StatusCallbackEvent"] == ["initiated", "ringing", "answered", "completed"]
    assert int(str(seen.form["TimeLimit"])) > 0 and int(str(seen.form["Timeout"])) > 0
    assert "MachineDetection" not in seen.form


def test_an_api_key_is_used_when_there_is_one(settings: Settings, twilio: TwilioStandIn) -> None:
    keyed = Settings(
        **settings.model_dump()
        | {"twilio_api_url": twilio.url, "twilio_api_key": "SK1", "twilio_api_secret": "hush"}
    )
    gateway = Gateway(keyed)
    place(gateway)
    gateway.close()
    expected = base64.b64encode(b"SK1:hush").decode()
    assert twilio.seen[0].authorization == f"Basic {expected}"
    assert settings.twilio_account_sid in twilio.seen[0].path


@pytest.mark.parametrize("busy", [Answer(429, 20429), Answer(503)])
def test_a_request_that_was_turned_away_is_made_again(
    gateway: Gateway, twilio: TwilioStandIn, busy: Answer
) -> None:
    twilio.will("Calls", busy, times=TRIES - 1)
    place(gateway)
    assert len(twilio.calls) == 1


@pytest.mark.parametrize(
    "lost", [Answer(cut=True, after_doing=True), Answer(500, after_doing=True)]
)
def test_a_call_that_may_have_been_placed_is_not_placed_again(
    gateway: Gateway, twilio: TwilioStandIn, lost: Answer
) -> None:
    twilio.will("Calls", lost)
    with pytest.raises(GatewayError) as raised:
        place(gateway)
    assert raised.value.unsure and not raised.value.permanent
    assert len(twilio.calls) == 1


def test_a_time_out_leaves_it_open_whether_the_call_was_placed(
    settings: Settings, twilio: TwilioStandIn
) -> None:
    never = threading.Event()
    changes = {"twilio_api_url": f"{twilio.url}/Media", "rest_timeout_s": 0.1}
    twilio.gate = lambda: never.wait(20) and None
    gateway = Gateway(settings.model_copy(update=changes), sleep=lambda seconds: None)
    with pytest.raises(GatewayError) as raised:  # the stand-in's gate is on what it serves
        gateway.find_call(CALLER, since=utcnow(), known=frozenset())
    assert raised.value.unsure
    never.set()
    gateway.close()


def test_a_call_certainly_not_placed_is_reported_as_such(settings: Settings) -> None:
    """Nobody listens: the request never left."""
    tries: list[float] = []
    gateway = Gateway(settings, sleep=tries.append)
    with pytest.raises(GatewayError) as raised:
        place(gateway)
    assert not raised.value.unsure and not raised.value.permanent
    assert len(tries) == TRIES - 1
    gateway.close()


def test_a_refusal_is_final_and_does_not_name_the_number(
    gateway: Gateway, twilio: TwilioStandIn
) -> None:
    twilio.will("Calls", Answer(400, 21211))
    with pytest.raises(GatewayError) as raised:
        place(gateway)
    assert raised.value.permanent and raised.value.code == 21211
    assert CALLER[1:] not in str(raised.value)
    assert raised.value.__cause__ is None
    assert len(twilio.seen) == 1


def test_without_an_account_it_says_what_to_set() -> None:
    with pytest.raises(GatewayError, match="SONSORI_TWILIO_ACCOUNT_SID"):
        place(Gateway(Settings(), sleep=lambda seconds: None))


def test_a_live_call_is_moved_on(gateway: Gateway, twilio: TwilioStandIn) -> None:
    assert gateway.move_call(SID, "http://us/answer")
    assert twilio.seen[0].form["Url"] == "http://us/answer"


@pytest.mark.parametrize(("status", "code"), [(404, 20404), (400, 21220)])
def test_a_call_that_is_over_is_nothing_to_worry_about(
    gateway: Gateway, twilio: TwilioStandIn, status: int, code: int
) -> None:
    twilio.will("Calls", Answer(status, code), times=2)
    assert gateway.move_call(SID, "http://us/answer") is False
    assert gateway.hang_up(SID) is False


def test_moving_a_call_is_repeated_when_its_answer_is_lost(
    gateway: Gateway, twilio: TwilioStandIn
) -> None:
    twilio.will("Calls", Answer(cut=True))
    assert gateway.move_call(SID, "http://us/answer")
    assert len(twilio.seen) == 2


def test_hanging_up_ends_the_call(gateway: Gateway, twilio: TwilioStandIn) -> None:
    assert gateway.hang_up(SID)
    assert twilio.seen[0].form["Status"] == "completed"


def test_a_text_goes_out_by_the_channel_it_is_addressed_to(
    gateway: Gateway, twilio: TwilioStandIn, settings: Settings
) -> None:
    gateway.send_text(CALLER, "hello")
    gateway.send_text(f"whatsapp:{CALLER}", "hello")
    number = settings.twilio_number
    assert [seen.form["From"] for seen in twilio.seen] == [number, f"whatsapp:{number}"]


def test_a_number_that_has_stopped_is_told_apart(gateway: Gateway, twilio: TwilioStandIn) -> None:
    twilio.will("Messages", Answer(400, STOPPED))
    with pytest.raises(GatewayError) as raised:
        gateway.send_text(CALLER, "hello")
    assert raised.value.code == STOPPED and raised.value.permanent


def test_a_call_whose_answer_was_lost_is_found_again(gateway: Gateway) -> None:
    since = utcnow() - timedelta(seconds=5)
    known, lost = place(gateway), place(gateway)
    assert gateway.find_call(CALLER, since=since, known=frozenset({known})) == lost
    assert gateway.find_call(CALLER, since=since, known=frozenset({known, lost})) is None
    later = since + timedelta(hours=1)
    assert gateway.find_call(CALLER, since=later, known=frozenset()) is None


def test_a_text_whose_answer_was_lost_is_found_again(gateway: Gateway) -> None:
    since = utcnow() - timedelta(seconds=5)
    sid = gateway.send_text(CALLER, "hello")
    assert gateway.find_text(CALLER, "hello", since=since) == sid
    assert gateway.find_text(CALLER, "good day", since=since) is None


def test_deleting_a_message_deletes_its_media_first(
    gateway: Gateway, twilio: TwilioStandIn
) -> None:
    gateway.delete_message(message_sid(1), [MEDIA_SID])
    paths = [seen.path for seen in twilio.asked("DELETE", "")]
    assert [path.rsplit("/", 1)[1] for path in paths] == [
        f"{MEDIA_SID}.json",
        f"{message_sid(1)}.json",
    ]


def test_deleting_what_is_gone_is_fine(gateway: Gateway, twilio: TwilioStandIn) -> None:
    twilio.will("Messages", Answer(404, 20404), times=2)
    gateway.delete_message(message_sid(1), [MEDIA_SID])


def test_the_http_client_logs_no_numbers(
    gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    gateway.find_call(CALLER, since=utcnow(), known=frozenset())
    assert CALLER[1:] not in caplog.text

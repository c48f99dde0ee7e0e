# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from ledger import CALLER, LedgerStore, hold_line, read_all, reading_of, text_photo
from sqlalchemy import func, select, text

from worker import ConfirmationRecord, Job, TurnRecord, calls
from worker.records import Call, Caller, CallStatus, Confirmation, Message, Turn

SID = "CA" + "1" * 32


def read_message(store: LedgerStore, number: int = 1) -> int:
    message_id = text_photo(store, number)
    read_all(store)
    store.jobs.clear()
    return message_id


def step(store: LedgerStore, call_id: int, version: int = 0, **changes: object) -> bool:
    known = {"state": {}, "waiting": False, "turns": (), "confirmations": ()}
    return calls.save_step(store, call_id, version=version, **(known | changes))


def confirmed(label: str = "confirmed", digits: str = "482") -> ConfirmationRecord:
    return ConfirmationRecord(1, label, digits, "voice", 0.9)


def status(store: LedgerStore, call_id: int = 1) -> str:
    with store.snapshot() as session:
        return session.get_one(Call, call_id).status


def test_a_call_that_rings_in_is_recorded_once(store: LedgerStore) -> None:
    first = calls.start_inbound(store, SID, CALLER, "ko")
    second = calls.start_inbound(store, SID, CALLER, "ko")
    assert first == second
    assert (first.direction, first.status, first.version) == ("inbound", "in-progress", 0)


def test_a_call_announced_twice_at_the_same_moment_is_one_call(store: LedgerStore) -> None:
    announce = partial(calls.start_inbound, store, SID, CALLER)
    with ThreadPoolExecutor(4) as pool:
        ids = {view.id for view in pool.map(announce, ["ko"] * 4)}
    assert len(ids) == 1


def test_a_caller_who_rings_in_hears_what_was_read_last(store: LedgerStore) -> None:
    read_message(store)
    read_message(store, 2)
    view = calls.start_inbound(store, SID, CALLER, "ko")
    assert [id for id, _ in view.readings] == [2]
    assert view.number_tail == CALLER[-4:]


def test_what_was_told_is_not_told_again(store: LedgerStore) -> None:
    read_message(store)
    first = calls.start_inbound(store, SID, CALLER, "ko")
    step(store, first.id, told=True)
    calls.set_status(store, first.id, "completed")
    assert calls.start_inbound(store, "CA2", CALLER, "ko").readings == ()


def test_a_caller_who_missed_the_ring_hears_it_when_ringing_in(store: LedgerStore) -> None:
    message_id = read_message(store)
    with store.session() as session:
        session.add(Call(caller_id=1, delivers=message_id, direction="outbound", sid="CA0"))
    calls.set_status(store, 1, "no-answer")
    view = calls.start_inbound(store, SID, CALLER, "ko")
    assert len(view.readings) == 1


def test_a_caller_who_rings_in_first_is_not_rung_as_well(store: LedgerStore) -> None:
    message_id = read_message(store)
    with store.session() as session:
        session.add(Call(caller_id=1, delivers=message_id, direction="outbound"))
    view = calls.start_inbound(store, SID, CALLER, "ko")
    assert len(view.readings) == 1
    assert status(store, 1) == CallStatus.CANCELED


def test_a_reading_that_is_being_rung_about_is_left_to_that_call(store: LedgerStore) -> None:
    message_id = read_message(store)
    with store.session() as session:
        call = Call(caller_id=1, delivers=message_id, direction="outbound", status="ringing")
        session.add(call)
    assert calls.start_inbound(store, SID, CALLER, "ko").readings == ()
    assert status(store, 1) == CallStatus.RINGING


@pytest.mark.parametrize("withheld", ["anonymous", "unknown", "", "+266696687", "sip:who@where"])
def test_a_withheld_number_is_nobody_we_know(store: LedgerStore, withheld: str) -> None:
    views = [calls.start_inbound(store, sid, withheld, "ko") for sid in ("CA1", "CA2")]
    assert views[0].caller_id != views[1].caller_id
    assert views[0].number_tail == ""


def test_a_call_is_found_by_twilios_name_for_it(store: LedgerStore) -> None:
    call = calls.start_inbound(store, SID, CALLER, "ko")
    assert calls.find(store, SID) == call.id
    assert calls.find(store, "CA2") is None


def test_who_was_told_something_before_is_a_regular(store: LedgerStore) -> None:
    text_photo(store)
    read_all(store)
    first = calls.start_inbound(store, SID, CALLER, "ko")
    assert first.first_time
    step(store, first.id, told=True)
    assert not calls.start_inbound(store, "CA2", CALLER, "ko").first_time


def test_who_was_rung_and_told_nothing_is_not(store: LedgerStore) -> None:
    text_photo(store)
    read_all(store)
    step(store, calls.start_inbound(store, SID, CALLER, "ko").id)
    assert calls.start_inbound(store, "CA2", CALLER, "ko").first_time


def test_there_is_no_view_of_a_call_that_is_not_there(store: LedgerStore) -> None:
    assert calls.view(store, 404) is None


def test_a_step_is_stored_and_seen(store: LedgerStore) -> None:
    call = calls.start_inbound(store, SID, CALLER, "ko")
    turns = [TurnRecord("service", "said", {"prompt": "digits"}, "사 팔 이")]
    assert step(store, call.id, state={"screen": "reading"}, turns=turns)
    view = calls.view(store, call.id)
    assert view is not None
    assert (view.version, view.state) == (1, {"screen": "reading"})
    with store.snapshot() as session:
        turn = session.scalars(select(Turn)).one()
        assert (turn.data, turn.secret) == ({"prompt": "digits"}, {"text": "사 팔 이"})


def test_of_two_steps_from_the_same_version_one_is_stored(store: LedgerStore) -> None:
    call = calls.start_inbound(store, SID, CALLER, "ko")
    with ThreadPoolExecutor(4) as pool:
        stored = list(
            pool.map(lambda _: step(store, call.id, turns=[TurnRecord("a", "b")]), "1234")
        )
    assert sorted(stored) == [False, False, False, True]
    with store.snapshot() as session:
        assert session.scalar(select(func.count()).select_from(Turn)) == 1


def test_words_and_state_do_not_lie_readable_in_the_database(store: LedgerStore) -> None:
    """Twelve digits: three turn up in one ciphertext of some hundreds by chance."""
    digits = "482915370648"
    text_photo(store)
    read_all(store, reading_of(digits))
    call = calls.start_inbound(store, SID, CALLER, "ko")
    turns = [TurnRecord("service", "said", text=f"digits {digits}")]
    given = [confirmed(digits=digits)]
    step(store, call.id, state={"digits": digits}, turns=turns, confirmations=given)
    with store.engine.connect() as connection:
        for table in ("call", "turn", "confirmation", "reading"):
            [secret] = connection.execute(text(f'select secret from "{table}"')).scalars()
            assert digits not in secret


def test_a_later_confirmation_replaces_the_earlier(store: LedgerStore) -> None:
    read_message(store)
    call = calls.start_inbound(store, SID, CALLER, "ko")
    step(store, call.id, confirmations=[confirmed("unverified")])
    step(store, call.id, 1, confirmations=[confirmed("keyed", "481")])
    with store.snapshot() as session:
        row = session.scalars(select(Confirmation)).one()
        assert (row.label, row.secret) == ("keyed", {"text": "481"})


def test_telling_is_noted_on_the_message(store: LedgerStore) -> None:
    message_id = read_message(store)
    call = calls.start_inbound(store, SID, CALLER, "ko")
    step(store, call.id)
    with store.snapshot() as session:
        assert session.get_one(Message, message_id).told_at is None
    step(store, call.id, 1, told=True)
    with store.snapshot() as session:
        assert session.get_one(Message, message_id).told_at is not None


def test_a_lost_photo_is_counted(store: LedgerStore) -> None:
    message_id = text_photo(store, media=2)
    call_id = hold_line(store)
    with store.session() as session:
        for photo in session.get_one(Message, message_id).photos:
            photo.state = "lost"
        session.get_one(Call, call_id).delivers = message_id
    view = calls.view(store, call_id)
    assert view is not None and (view.lost, view.readings) == (2, ())


def test_reports_out_of_order_do_not_turn_a_call_back(store: LedgerStore) -> None:
    with store.session() as session:
        session.add(Caller(number_hash="x", language="ko"))
        session.flush()
        session.add(Call(caller_id=1, direction="outbound", status="initiated", sid=SID))
    assert calls.set_status(store, 1, "in-progress", sid=SID)
    assert not calls.set_status(store, 1, "ringing", sid=SID)
    assert not calls.set_status(store, 1, "in-progress", sid=SID)
    assert calls.set_status(store, 1, "completed", sid=SID)
    assert not calls.set_status(store, 1, "failed", sid=SID)
    assert status(store) == CallStatus.COMPLETED
    with store.snapshot() as session:
        kinds = [turn.data["status"] for turn in session.scalars(select(Turn).order_by(Turn.id))]
    assert kinds == ["in-progress", "completed"]


@pytest.mark.parametrize("nonsense", ["", "queued", "COMPLETED", "on-hold"])
def test_a_report_that_is_no_news_is_none(store: LedgerStore, nonsense: str) -> None:
    call = calls.start_inbound(store, SID, CALLER, "ko")
    assert not calls.set_status(store, call.id, nonsense)


def test_a_report_about_another_call_changes_nothing(store: LedgerStore) -> None:
    call = calls.start_inbound(store, SID, CALLER, "ko")
    assert not calls.set_status(store, call.id, "completed", sid="CA" + "2" * 32)
    assert not calls.set_status(store, 404, "completed", sid=SID)


def test_a_call_that_is_over_waits_for_nothing(store: LedgerStore) -> None:
    call_id = hold_line(store)
    calls.set_status(store, call_id, "completed")
    step(store, call_id, 1, waiting=True)
    with store.snapshot() as session:
        call = session.get_one(Call, call_id)
        assert not call.waiting and call.ended_at is not None


def test_digit_crops_are_cut_once_the_call_is_over(store: LedgerStore) -> None:
    read_message(store)
    call = calls.start_inbound(store, SID, CALLER, "ko")
    step(store, call.id, confirmations=[confirmed()])
    assert store.queued(Job.KEEP_SAMPLES) == []
    calls.set_status(store, call.id, "completed")
    assert store.queued(Job.KEEP_SAMPLES) == [1]


def test_choices_are_remembered_one_by_one(store: LedgerStore) -> None:
    call = calls.start_inbound(store, SID, CALLER, "ko")
    calls.remember(store, call.caller_id, consent=False)
    calls.remember(store, call.caller_id, language="en")
    view = calls.view(store, call.id)
    assert view is not None and (view.consent, view.language) == (False, "en")


def test_forgetting_deletes_all_that_hangs_on_a_caller(store: LedgerStore) -> None:
    read_message(store)
    call = calls.start_inbound(store, SID, CALLER, "ko")
    step(store, call.id, turns=[TurnRecord("a", "b")], confirmations=[confirmed()])
    calls.queue_text(store, call.caller_id, "hello", "hello")
    counts = calls.forget(store, CALLER)
    assert (counts.callers, counts.messages, counts.photos, counts.calls, counts.texts) == (
        1,
        1,
        1,
        1,
        1,
    )
    with store.engine.connect() as connection:
        for table in ("caller", "message", "photo", "reading", "call", "turn", "confirmation"):
            assert connection.execute(text(f'select count(*) from "{table}"')).scalar() == 0
    with pytest.raises(FileNotFoundError):
        store.objects.get("photos/1")


def test_forgetting_somebody_unknown_forgets_nothing(store: LedgerStore) -> None:
    text_photo(store)
    assert calls.forget(store, "+15005550001").callers == 0
    assert calls.forget(store, f"whatsapp:{CALLER}").callers == 1

# SPDX-License-Identifier: Apache-2.0
"""Whoever asks to be forgotten is deleted after the call, whatever fails on the way."""

from __future__ import annotations

import pytest
from ledger import CALLER, LedgerStore, hold_line, message_sid, read_all, text_photo
from sqlalchemy import func, select

from worker import Inbound, Job, calls, inbox, uploads
from worker.erasure import delete_media
from worker.forgetting import forget_who_asked
from worker.gateway import Gateway
from worker.objects import Objects
from worker.records import Caller, Message, Text, UploadLink
from worker.upkeep import sweep

CALLED = ("completed", "busy", "no-answer", "failed")


def caller_id(store: LedgerStore) -> int:
    with store.snapshot() as session:
        return session.scalars(select(Caller.id)).one()


def count(store: LedgerStore) -> int:
    with store.snapshot() as session:
        return session.scalar(select(func.count()).select_from(Caller)) or 0


def ask(store: LedgerStore) -> int:
    """A caller on the line asks to be forgotten; the call's id."""
    call_id = hold_line(store)
    calls.forget_after(store, caller_id(store))
    return call_id


@pytest.mark.parametrize("status", CALLED)
def test_the_end_of_the_call_queues_it(store: LedgerStore, status: str) -> None:
    call_id = ask(store)
    calls.set_status(store, call_id, status)
    assert store.queued(Job.FORGET) == [caller_id(store)]
    assert store.queued(Job.KEEP_SAMPLES) == []


def test_nobody_else_is_queued(store: LedgerStore) -> None:
    calls.set_status(store, hold_line(store), "completed")
    sweep(store)
    assert store.queued(Job.FORGET) == []


def test_all_of_the_caller_is_gone_and_can_come_again(store: LedgerStore) -> None:
    call_id = ask(store)
    calls.queue_text(store, caller_id(store), "missed:1", "Please ring.")
    assert uploads.invite(store, caller_id(store))
    calls.set_status(store, call_id, "completed")
    forget_who_asked(store, caller_id(store))
    with store.snapshot() as session:
        assert session.scalars(select(Text)).all() == []
        assert session.scalars(select(UploadLink)).all() == []
    assert count(store) == 0
    hold_line(store, sid="CA" + "8" * 32)
    with store.snapshot() as session:
        assert session.scalars(select(Caller)).one().forget_at is None


def test_while_the_line_is_open_nothing_is_taken_from_under_it(store: LedgerStore) -> None:
    call_id = ask(store)
    forget_who_asked(store, caller_id(store))
    assert calls.view(store, call_id) is not None


def test_what_was_dropped_is_queued_again(store: LedgerStore) -> None:
    calls.set_status(store, ask(store), "completed")
    store.jobs.clear()
    sweep(store)
    assert store.queued(Job.FORGET) == [caller_id(store)]


def test_the_providers_copies_go_first(store: LedgerStore, gateway: Gateway) -> None:
    message_id = text_photo(store)
    read_all(store)
    calls.set_status(store, ask(store), "completed")
    forget_who_asked(store, caller_id(store))
    assert store.queued(Job.DELETE_MEDIA)[-1] == message_id
    assert count(store) == 1
    delete_media(store, gateway, message_id)
    with store.snapshot() as session:
        key = session.get_one(Message, message_id).photos[0].object_key
    assert key is not None
    forget_who_asked(store, caller_id(store))
    assert count(store) == 0
    assert not kept(store.objects, key)


def test_a_message_without_photos_holds_nothing_up(store: LedgerStore) -> None:
    inbox.receive(store, Inbound(message_sid(1), CALLER, "mms", (), "ko"))
    calls.set_status(store, ask(store), "completed")
    forget_who_asked(store, caller_id(store))
    assert count(store) == 0


def test_forgetting_twice_is_forgetting_once(store: LedgerStore) -> None:
    calls.set_status(store, ask(store), "completed")
    who = caller_id(store)
    forget_who_asked(store, who)
    forget_who_asked(store, who)
    assert count(store) == 0


def test_who_asked_keeps_nothing_to_learn_from(store: LedgerStore) -> None:
    calls.forget_after(store, hold_line(store))
    with store.snapshot() as session:
        assert session.scalars(select(Caller)).one().consent is False


def kept(objects: Objects, key: str) -> bool:
    try:
        objects.get(key)
    except FileNotFoundError:
        return False
    return True

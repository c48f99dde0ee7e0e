# SPDX-License-Identifier: Apache-2.0
"""A challenger reads along: after the call, with consent, and without keeping a digit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ledger import CALLER, LedgerStore, reading_of
from registry_on_disk import FAILED, NARROWLY, RegistryOnDisk
from sqlalchemy import select, update

from vision.reading import Reading
from worker import ConfirmationRecord, Job, calls, inbox
from worker.promotion import AlreadyServed, ModelStore, NotPassed, Unusable, promote, shadow
from worker.promotion.reading_along import Challenger, read_along, to_read_along
from worker.promotion.shadow_report import report
from worker.promotion.smoke import photos
from worker.readings import read_photo
from worker.records import Call, Caller, Message, Photo, PhotoState, StoredReading, utcnow
from worker.training_records import ShadowReading
from worker.upkeep import sweep

TEXT, PICTURE = photos()[0]  # "4829", which every bundle reads


@pytest.fixture
def along(
    store: LedgerStore, registry: RegistryOnDisk, better: Path, models: ModelStore
) -> Challenger:
    """A challenger that narrowly failed reads along."""
    registry.register(better, NARROWLY)
    shadow.begin(store, lambda: registry, "challenger", "kim")
    return Challenger(models)


def told(
    store: LedgerStore, spoken: Reading, said: str | None = None, *, consent: bool | None = True
) -> int:
    """A call in which a photo of `TEXT` was read out as `spoken`, and is over; the reading's id."""
    message_id = inbox.receive_upload(store, CALLER, [PICTURE], "en")
    photo_id = store.queued(Job.READ_PHOTO)[-1]
    read_photo(store, photo_id, fetch=lambda a, b: b"", read=lambda photo: spoken)
    with store.session() as session:
        reading_id = session.scalars(
            select(StoredReading.id).where(StoredReading.photo_id == photo_id)
        ).one()
        caller = session.get_one(Message, message_id).caller
        caller.consent = consent
        session.add(
            call := Call(
                caller_id=caller.id, direction="outbound", status="completed", delivers=message_id
            )
        )
        session.flush()
        call_id = call.id
    if said is not None:
        answer = ConfirmationRecord(reading_id, "keyed", said, "keys", 1.0)
        assert calls.save_step(
            store, call_id, version=0, state={}, waiting=False, turns=[], confirmations=[answer]
        )
    with store.session() as session:
        session.execute(update(Call).where(Call.id == call_id).values(ended_at=utcnow()))
    return reading_id


def rows(store: LedgerStore) -> list[ShadowReading]:
    with store.snapshot() as session:
        return list(session.scalars(select(ShadowReading)))


def test_a_photo_is_read_again_after_the_call(store: LedgerStore, along: Challenger) -> None:
    reading_id = told(store, reading_of(TEXT))
    sweep(store)
    assert store.queued(Job.READ_ALONG) == [reading_id]
    read_along(store, reading_id, along)
    [row] = rows(store)
    assert (row.reading_id, row.differs, row.right) == (reading_id, False, "")
    assert (row.champion_sure, row.challenger_sure) == (True, True)
    assert to_read_along(store) == []


def test_reading_along_twice_counts_once(store: LedgerStore, along: Challenger) -> None:
    reading_id = told(store, reading_of(TEXT))
    for _ in range(2):
        read_along(store, reading_id, along)
    assert len(rows(store)) == 1


@pytest.mark.parametrize(
    ("spoken", "said", "right"),
    [
        ("4820", "4829", "challenger"),
        ("4820", "4820", "champion"),
        ("4820", "1111", "none"),
        ("4820", None, ""),
    ],
)
def test_the_caller_says_who_was_right(
    store: LedgerStore, along: Challenger, spoken: str, said: str | None, right: str
) -> None:
    read_along(store, told(store, reading_of(spoken), said), along)
    [row] = rows(store)
    assert (row.differs, row.right) == (True, right)


def test_no_digit_is_kept(
    store: LedgerStore, along: Challenger, capsys: pytest.CaptureFixture[str]
) -> None:
    read_along(store, told(store, reading_of("4820"), TEXT), along)
    [row] = rows(store)
    kept = {str(getattr(row, column.key)) for column in ShadowReading.__mapper__.column_attrs}
    assert not {"4820", TEXT} & kept
    printed = capsys.readouterr().out
    assert "challenger_differs" in printed
    assert "4820" not in printed and TEXT not in printed


@pytest.mark.parametrize("consent", [False, None])
def test_without_consent_nobody_reads_along(
    store: LedgerStore, along: Challenger, consent: bool | None
) -> None:
    reading_id = told(store, reading_of(TEXT), consent=consent)
    assert to_read_along(store) == []
    read_along(store, reading_id, along)
    assert rows(store) == []


def test_consent_withdrawn_while_it_was_queued_counts(
    store: LedgerStore, along: Challenger
) -> None:
    reading_id = told(store, reading_of(TEXT))
    with store.session() as session:
        session.execute(update(Caller).values(consent=False))
    read_along(store, reading_id, along)
    assert rows(store) == []


@pytest.mark.parametrize(
    "over",
    [
        {"expires_at": utcnow()},
        {"object_key": None},
    ],
)
def test_a_photo_past_its_retention_is_not_read(
    store: LedgerStore, along: Challenger, over: dict[str, object]
) -> None:
    reading_id = told(store, reading_of(TEXT))
    with store.session() as session:
        session.execute(update(Photo).values(**over))
    read_along(store, reading_id, along)
    assert rows(store) == [] and to_read_along(store) == []


def test_nobody_reads_along_before_the_call_is_over(store: LedgerStore, along: Challenger) -> None:
    told(store, reading_of(TEXT))
    with store.session() as session:
        session.execute(update(Call).values(ended_at=None))
    assert to_read_along(store) == []


def test_a_waiting_caller_comes_first(store: LedgerStore, along: Challenger) -> None:
    reading_id = told(store, reading_of(TEXT))
    inbox.receive_upload(store, CALLER, [PICTURE], "en")
    read_along(store, reading_id, along)
    assert rows(store) == []
    with store.session() as session:
        session.execute(update(Photo).values(state=PhotoState.READ))
    assert to_read_along(store) == [reading_id], "the next sweep finds it again"


def test_a_broken_challenger_is_refused_and_says_why(
    store: LedgerStore, along: Challenger, models: ModelStore
) -> None:
    now = shadow.current(models)
    assert now is not None
    (models.bundle(now.bundle) / "digits.onnx").unlink()
    assert along.current() is None
    read_along(store, told(store, reading_of(TEXT)), along)
    assert rows(store) == []
    assert "digits.onnx" in models.refusals()[now.bundle]


def test_a_challenger_that_failed_plainly_does_not_read_along(
    store: LedgerStore, registry: RegistryOnDisk, better: Path, models: ModelStore
) -> None:
    registry.register(better, FAILED)
    with pytest.raises(NotPassed, match="narrowly failed"):
        shadow.begin(store, lambda: registry, "1", "kim")
    assert shadow.current(models) is None
    assert shadow.begin(store, lambda: registry, "1", "kim", force=True).version == 1


def test_what_serves_does_not_read_along(
    store: LedgerStore, registry: RegistryOnDisk, better: Path
) -> None:
    registry.register(better)
    promote(store, lambda: registry, "1", "kim", "")
    with pytest.raises(AlreadyServed):
        shadow.begin(store, lambda: registry, "1", "kim")


def test_it_can_be_ended(store: LedgerStore, along: Challenger, models: ModelStore) -> None:
    told(store, reading_of(TEXT))
    for _ in range(2):
        shadow.end(models)
    assert to_read_along(store) == []
    assert along.current() is None


def test_a_file_that_names_no_challenger_stops_nothing_else(
    store: LedgerStore, along: Challenger, models: ModelStore
) -> None:
    (models.folder / "shadow.json").write_text(json.dumps({"bundle": "x"}))
    with pytest.raises(Unusable):
        shadow.current(models)
    assert along.current() is None
    sweep(store)
    assert store.queued(Job.READ_ALONG) == []


def test_the_report_counts_wins_and_losses(store: LedgerStore, models: ModelStore) -> None:
    cases = [
        (True, True, True, "challenger"),
        (True, True, True, "champion"),
        (True, False, True, "champion"),
        (True, True, False, "none"),
        (True, False, False, ""),
        (False, False, True, ""),
        (False, True, False, ""),
        (False, True, True, ""),
    ]
    for differs, champion, challenger, right in cases:
        reading_id = told(store, reading_of(TEXT))
        with store.session() as session:
            session.add(
                ShadowReading(
                    reading_id=reading_id,
                    challenger="abc",
                    differs=differs,
                    champion_sure=champion,
                    challenger_sure=challenger,
                    right=right,
                )
            )
    found = report(store, "abc")
    assert (found.readings, found.differ, found.share) == (8, 5, 0.625)
    assert (found.wins, found.losses, found.neither) == (1, 2, 1)
    assert (found.would_mislead, found.misled) == (2, 2)
    assert (found.more_sure, found.less_sure) == (1, 1)
    assert report(store, "other").share == 0

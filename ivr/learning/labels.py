# SPDX-License-Identifier: Apache-2.0
"""Which labels the calls left, by the service's own record, and how many of them are wrong."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import func, select

from ivr.learning.phases import Found
from ivr.learning.service import Service
from training.scoring import only_digits
from worker.records import Call, Confirmation, Sample
from worker.store import Store
from worker.training_records import TestPhoto

_KEPT_S = 120.0
_POLL_S = 0.2


class OneCall(Protocol):
    """A call's sid, the number on its photo, and how it ended."""

    @property
    def call(self) -> str: ...

    @property
    def number(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def status(self) -> str: ...

    @property
    def left_at(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Given:
    """A label as the caller gave it."""

    call: str
    label: str
    digits: str


def tally(store: Store, called: Sequence[OneCall]) -> Found:
    """Calls by how they ended, labels by kind with the wrong ones among them, what is kept."""
    written = {one.call: one.number for one in called}
    given = [one for one in _given(store) if one.call in written]
    wrong = [one for one in given if (one.digits == written[one.call]) is (one.label == "denied")]
    return {
        "calls": len(called),
        "callers": dict(Counter(str(one.kind) for one in called)),
        "ended": dict(Counter(one.status for one in called)),
        "left_at": dict(Counter(one.left_at for one in called if one.left_at)),
        "labels": dict(Counter(one.label for one in given)),
        "wrong_labels": dict(Counter(one.label for one in wrong)),
        "samples": samples(store),
        "test_photos": test_photos(store),
    }


def samples(store: Store) -> dict[str, int]:
    """How many digit crops are kept, by the kind of their label."""
    with store.snapshot() as session:
        rows = session.execute(select(Sample.label, func.count()).group_by(Sample.label))
        return {str(label): int(count) for label, count in rows}


def test_photos(store: Store) -> int:
    """How many whole photos are kept to try models on."""
    with store.snapshot() as session:
        return session.scalar(select(func.count()).select_from(TestPhoto)) or 0


def wait_until_kept(rung: Service) -> None:
    """Until the workers have cut the crops of all that was confirmed.

    Raises `StackError` when a process ends, `TimeoutError`.
    """
    give_up_at = time.monotonic() + _KEPT_S
    while left := _unkept(rung.store):
        rung.stack.check()
        if time.monotonic() > give_up_at:
            raise TimeoutError(f"{left} confirmed readings were not cut up in {_KEPT_S:.0f} s")
        time.sleep(_POLL_S)


def _unkept(store: Store) -> int:
    waiting = select(func.count()).select_from(Confirmation)
    with store.snapshot() as session:
        return session.scalar(waiting.where(Confirmation.sampled_at.is_(None))) or 0


def _given(store: Store) -> Iterable[Given]:
    rows = select(Call.sid, Confirmation).join(Call, Confirmation.call_id == Call.id)
    with store.snapshot() as session:
        return [
            Given(str(sid), one.label, only_digits(str((one.secret or {}).get("text", ""))))
            for sid, one in session.execute(rows)
        ]

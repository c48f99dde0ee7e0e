# SPDX-License-Identifier: Apache-2.0
"""What happened in many calls, in order and without a digit: for figures, not for transcripts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from worker.records import Turn, utcnow
from worker.store import Store


@dataclass(frozen=True, slots=True)
class LoggedTurn:
    """A `Turn` less its words, which are not even decrypted."""

    call_id: int
    kind: str
    data: Mapping[str, Any]


def recent_turns(store: Store, days: float) -> tuple[LoggedTurn, ...]:
    """All turns of the last `days`, call by call, oldest first."""
    recent = select(Turn.call_id, Turn.kind, Turn.data).where(
        Turn.at >= utcnow() - timedelta(days=days)
    )
    with store.snapshot() as session:
        rows = session.execute(recent.order_by(Turn.call_id, Turn.id))
        return tuple(LoggedTurn(call_id, kind, data) for call_id, kind, data in rows)

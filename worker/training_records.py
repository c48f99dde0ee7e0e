# SPDX-License-Identifier: Apache-2.0
"""The record of the learning loop, as tables: what is tried, what was trained, what served when.

Times are UTC.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from worker.crypto import EncryptedJSON
from worker.records import Base, utcnow


class TestPhoto(Base):
    """A whole photo of a caller who agreed that new models are tried on it, and said what it is.

    These callers' digits are never learnt from. `secret` holds {"text": digits, lines by `|`}.
    """

    __test__ = False  # no test class
    __tablename__ = "test_photo"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    caller_id: Mapped[int] = mapped_column(ForeignKey("caller.id", ondelete="CASCADE"), index=True)
    confirmation_id: Mapped[int | None] = mapped_column(
        ForeignKey("confirmation.id", ondelete="SET NULL"), unique=True
    )
    object_key: Mapped[str] = mapped_column(String(128))
    secret: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJSON)
    label: Mapped[str] = mapped_column(String(16))  # keyed, spoken
    misled: Mapped[bool]  # it was spoken plainly, and was wrong
    day: Mapped[str] = mapped_column(String(10))  # YYYY-MM-DD


class TrainingState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PASSED = "passed"  # there is a challenger, and the gate lets it through
    REFUSED = "refused"  # there is one, and the gate does not
    NOTHING_NEW = "nothing_new"
    FAILED = "failed"  # said why; `sonsori resume` goes on
    GIVEN_UP = "given_up"  # after its last try


class TrainingRun(Base):
    """One retraining, over all its tries. `beat` is `training.loop.Beat` as a dictionary."""

    __tablename__ = "training_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    asked_by: Mapped[str] = mapped_column(String(64))  # schedule, labels, or somebody's name
    state: Mapped[str] = mapped_column(String(16), default=TrainingState.QUEUED, index=True)
    beat: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    beat_at: Mapped[datetime | None]  # when it was last known to live
    attempts: Mapped[int] = mapped_column(default=0)
    labels: Mapped[int] = mapped_column(default=0)  # digit crops there were when it was asked for
    flow_run: Mapped[str | None] = mapped_column(String(64))  # Metaflow's, to resume
    tracking_run: Mapped[str | None] = mapped_column(String(64))  # MLflow's
    snapshot: Mapped[str | None] = mapped_column(String(64))  # sha256 of what was learnt from
    version: Mapped[int | None]  # of the challenger in the registry
    reason: Mapped[str] = mapped_column(String(2000), default="")
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    ended_at: Mapped[datetime | None]


class Lease(Base):
    """Who may do what only one may do at a time, and until when."""

    __tablename__ = "lease"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime]


class Promotion(Base):
    """Which bundle was put in service when, by whom and why. Rows are only ever added."""

    __tablename__ = "promotion"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utcnow)
    kind: Mapped[str] = mapped_column(String(16))  # promote, rollback
    bundle: Mapped[str] = mapped_column(String(64))  # the bundle's own version
    version: Mapped[int | None]  # in the registry; None for the shipped bundle
    replaced: Mapped[str] = mapped_column(String(64))  # the bundle served before
    actor: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(2000))
    verdict: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class ShadowReading(Base):
    """What a challenger in shadow made of a reading: whether it differs, never the digits."""

    __tablename__ = "shadow_reading"
    __table_args__ = (UniqueConstraint("reading_id", "challenger"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    reading_id: Mapped[int] = mapped_column(
        ForeignKey("reading.id", ondelete="CASCADE"), index=True
    )
    challenger: Mapped[str] = mapped_column(String(64))
    differs: Mapped[bool]
    champion_sure: Mapped[bool]
    challenger_sure: Mapped[bool]
    right: Mapped[str] = mapped_column(String(16))  # by the caller: champion, challenger, none, ""
    at: Mapped[datetime] = mapped_column(default=utcnow)

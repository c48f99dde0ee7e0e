# SPDX-License-Identifier: Apache-2.0
"""Retrainings that nobody asks for: after some hours, after some new labels. Off by default."""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from worker.records import utcnow
from worker.retraining.errors import UnderWay
from worker.retraining.runs import ask, count_labels, under_way
from worker.settings import Settings
from worker.store import Store
from worker.training_records import TrainingRun

log = structlog.get_logger(__name__)


def ask_when_due(store: Store) -> None:
    """Ask for a run when the settings say so. The count begins anew with each run, however it
    ended: one that fails is not begun again and again."""
    settings = store.settings
    if not (settings.retrain_hours or settings.retrain_labels):
        return
    with store.snapshot() as session:
        why = "" if under_way(session) else _why(session, settings)
    if not why:
        return
    try:
        log.info("retraining_due", why=why, run_id=ask(store, why))
    except UnderWay:  # somebody else was first
        return


def _why(session: Session, settings: Settings) -> str:
    """`schedule`, `labels`, or nothing."""
    last = session.scalars(select(TrainingRun).order_by(TrainingRun.id.desc()).limit(1)).first()
    pause = timedelta(hours=settings.retrain_hours)
    if pause and (last is None or last.created_at < utcnow() - pause):
        return "schedule"
    new = count_labels(session) - (last.labels if last else 0)
    return "labels" if 0 < settings.retrain_labels <= new else ""

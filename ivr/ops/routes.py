# SPDX-License-Identifier: Apache-2.0
"""The operators' pages. Each asks the database once and shows what it says at that moment."""

from __future__ import annotations

from flask import Blueprint, render_template

from ivr.office import office
from ivr.ops import access, tables
from ivr.ops.concerns import ALARMS
from ivr.ops.state import State
from ivr.ops.tables import Table
from ivr.ops.words import moment
from ivr.stuck import by_screen
from worker import overview, retraining
from worker.drift import drift
from worker.failures import failures
from worker.promotion import history
from worker.records import utcnow
from worker.turnlog import recent_turns

bp = Blueprint(
    "ops",
    __name__,
    url_prefix="/ops",
    template_folder="templates",
    static_folder="static",
)
bp.before_request(access.require)
bp.after_request(access.keep_private)

STUCK_DAYS = 30
PAGES = (
    ("ops.index", "Overview"),
    ("ops.calls", "Calls"),
    ("ops.show_drift", "Drift"),
    ("ops.training", "Training"),
    ("ops.models", "Models"),
    ("ops.failed", "Failures"),
)


@bp.get("/")
def index() -> str:
    """What is under way, and what to look at."""
    state = State.of(office().store)
    looked_at = state.concerns() or ["Nothing needs to be looked at."]
    return _page("Overview", state.tables(), concerns=looked_at, notes=state.lines())


@bp.get("/calls")
def calls() -> str:
    """Where callers get stuck."""
    figures = by_screen(recent_turns(office().store, STUCK_DAYS)).as_dict()
    count = f"Calls in the last {STUCK_DAYS} days: {figures['calls']}."
    return _page("Calls", (tables.screens(figures),), notes=(count,))


@bp.get("/drift")
def show_drift() -> str:
    found = drift(office().store)
    alarms = [ALARMS[alarm] for alarm in found.alarms] or ["No alarm."]
    shown = (tables.weeks(found), tables.problems(found), tables.confidences(found.confidence))
    return _page("Drift", shown, concerns=alarms, notes=tables.stability(found.confidence))


@bp.get("/training")
def training() -> str:
    note = "A retraining that failed goes on with: sonsori resume RUN"
    return _page("Training", (tables.runs(retraining.overview(office().store)),), notes=(note,))


@bp.get("/models")
def models() -> str:
    store = office().store
    spans = tables.spans(history.spans(history.rows(store)))
    return _page("Models", (spans, tables.served(overview.readings_by_model(store))))


@bp.get("/failed")
def failed() -> str:
    note = "What can be tried again is, with: sonsori ops retry NAME"
    return _page("Failures", (tables.failed(failures(office().store)),), notes=(note,))


def _page(
    title: str,
    shown: tuple[Table, ...],
    *,
    concerns: list[str] | None = None,
    notes: tuple[str, ...] = (),
) -> str:
    """`concerns` come first, then the tables, then `notes`."""
    return render_template(
        "ops/page.html",
        title=title,
        pages=PAGES,
        moment=moment(utcnow()),
        tables=shown,
        concerns=concerns,
        notes=notes,
    )

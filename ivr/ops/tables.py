# SPDX-License-Identifier: Apache-2.0
"""The operators' tables, the same for the pages and for the terminal. No digit, no number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ivr.ops.words import bins, by_model, duration, interval, moment, plain, share
from training.bins import EDGES
from worker.drift import Confidence, Drift
from worker.failures import Failure
from worker.overview import Numbers
from worker.promotion.history import Span
from worker.queue import Queue
from worker.retraining import RunView
from worker.training_records import TrainingState


@dataclass(frozen=True, slots=True)
class Table:
    """`id` names it in a page; a row's first cell names the row; `empty` is said without rows."""

    id: str
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = "Nothing yet."


def now(found: Numbers) -> Table:
    rows = (
        ("Photos that wait to be read", found.photos_waiting),
        ("Longest wait of a photo", duration(found.oldest_photo_s)),
        ("Messages that are read and not told yet", found.untold),
        ("Calls that go on", found.calls_live),
        ("Calls that wait for a photo", found.calls_held),
        ("Calls that go on, ring or are about to", found.calls_under_way),
        ("Photos read in the last hour", found.readings_hour),
        ("Photos read in the last day", found.readings_day),
        ("Photos told plainly in the last day", found.sure_day),
        ("Model that read last", found.model or "–"),
    )
    return Table("now", "Photos, readings and calls", ("What", "How many"), _text(rows))


def queues(lengths: Mapping[Queue, int] | None) -> Table:
    rows = _text((lengths or {}).items())
    return Table("queues", "Jobs that wait", ("Queue", "Jobs"), rows, "The broker does not answer.")


def workers(found: Mapping[str, Sequence[str]]) -> Table:
    rows = tuple((name, ", ".join(served)) for name, served in found.items())
    heads = ("Worker", "Queues it serves")
    return Table("workers", "Workers that answer", heads, rows, "No worker answers.")


def runs(found: Iterable[RunView]) -> Table:
    heads = (
        "Run", "State", "Asked by", "Asked at", "Ended at", "Where it is", "Left, about",
        "Last sign of life", "Attempts", "Version", "Reason",
    )  # fmt: skip
    empty = "No retraining was asked for yet: sonsori retrain asks for one."
    caption = "Retrainings, newest first; times are UTC"
    return Table("runs", caption, heads, _text(_run(run) for run in found), empty)


def _run(run: RunView) -> tuple[object, ...]:
    silent = "–" if run.silent_s is None else f"{duration(run.silent_s)} ago"
    return (
        run.id, plain(run.state), run.asked_by, moment(run.created_at), moment(run.ended_at),
        where(run), duration(run.eta_s), silent, run.attempts, run.version or "–",
        run.reason or "–",
    )  # fmt: skip


def where(run: RunView) -> str:
    """Step and job, and how far the job is."""
    if not run.step:
        return "–"
    job = ", ".join(filter(None, (run.step, run.job)))
    return f"{job}: {run.done} of {run.total}" if run.total else job


def current_run(found: Iterable[RunView]) -> str:
    """A sentence for the retraining that is under way or waits."""
    run = next((run for run in found if not run.over), None)
    if run is None:
        return "No retraining is under way."
    if run.state != TrainingState.RUNNING or not run.step:
        return f"Retraining {run.id} is {plain(run.state)}."
    left = "" if run.eta_s is None else f", about {duration(run.eta_s)} left"
    return f"Retraining {run.id} is running: {where(run)}{left}."


def spans(found: Sequence[Span]) -> Table:
    heads = ("From", "To", "Bundle", "Version", "How", "By", "Why")
    rows = (
        (
            "the beginning" if span.since is None else moment(span.since),
            "now" if span.until is None else moment(span.until), span.bundle,
            span.version or "–", span.kind, span.actor or "–", span.reason or "–",
        )
        for span in reversed(found)
    )  # fmt: skip
    empty = "No model was promoted yet: the one that ships with the program serves."
    caption = "What served when, newest first; times are UTC"
    return Table("spans", caption, heads, _text(rows), empty)


def served(counts: Iterable[tuple[str, bool, int]]) -> Table:
    rows = ((model, sure.whole, share(sure)) for model, sure in by_model(counts))
    caption = "Readings on record, by the model that made them"
    return Table("served", caption, ("Model", "Readings", "Told plainly"), _text(rows))


def weeks(found: Drift) -> Table:
    heads = ("Up to", "Answers that agree", "95 % interval", "Readings told plainly")
    rows = tuple(
        (moment(week.until), share(week.agreed), interval(week.agreed), share(week.sure))
        for week in found.weeks
    )
    return Table("weeks", "Seven days up to a time (UTC), newest first", heads, rows)


def problems(found: Drift) -> Table:
    heads = ("Problem", *(moment(week.until) for week in found.weeks))
    names = dict.fromkeys(name for week in found.weeks for name in week.problems)
    rows = (
        (plain(name), *(_part(week.problems.get(name, 0), week.sure.whole) for week in found.weeks))
        for name in names
    )
    caption = "Photos with a problem, by the seven days up to a time (UTC)"
    return Table("problems", caption, heads, _text(rows), "No photo had a problem.")


def _part(count: int, whole: int) -> str:
    return f"{count} ({count / whole:.0%})".replace("%", " %") if whole else "–"


def confidences(found: Confidence | None) -> Table:
    heads = ("Confidence", "When it was fitted", "In its first weeks", "In the last seven days")
    rows: Iterable[tuple[object, ...]] = ()
    if found is not None:
        names, unknown = bins(EDGES), ("–",) * len(found.now)
        rows = zip(names, found.fitted or unknown, found.before, found.now, strict=True)
    return Table("confidence", "Readings by the model's confidence", heads, _text(rows))


def stability(found: Confidence | None) -> tuple[str, ...]:
    """Sentences on how far the confidences have moved."""
    if found is None or found.index is None:
        return ("There are too few readings of the model to compare its confidences.",)
    said = (
        f"Model {found.model}: the population stability index of its confidences is "
        f"{found.index:.3f}. Below 0.1 nothing has changed, above 0.25 much has."
    )
    if found.fitted_index is None:
        return (said,)
    return said, f"Against the rendered photos it was fitted on: {found.fitted_index:.3f}."


def failed(found: Iterable[Failure]) -> Table:
    rows = tuple((one.id, moment(one.at), one.why) for one in found)
    caption = "What failed in the last week, newest first; times are UTC"
    return Table("failures", caption, ("Name", "At", "Why"), rows, "Nothing failed.")


def screens(figures: Mapping[str, Any]) -> Table:
    """Of `ivr.stuck.Calls.as_dict()`."""
    heads = ("Question", "Turns", "Silent", "Unclear", "By keys", "Hung up there")
    rows = (
        (
            plain(name), screen["turns"],
            *(f"{screen[part]:.0%}".replace("%", " %") for part in ("silent", "unclear", "keyed")),
            screen["left"],
        )
        for name, screen in figures["screens"].items()
    )  # fmt: skip
    caption = "Where callers get stuck, by question, busiest first"
    return Table("screens", caption, heads, _text(rows), "Nothing was asked yet.")


def _text(rows: Iterable[Sequence[object]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(map(str, row)) for row in rows)

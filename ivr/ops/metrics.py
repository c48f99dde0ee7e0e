# SPDX-License-Identifier: Apache-2.0
"""`/metrics`: the operators' figures as Prometheus reads them.

All are gauges of what is on record at the moment: rows go when a caller is forgotten, so a count
can fall, and several web processes give the same figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from ivr.office import office
from ivr.ops import access
from worker import broker, overview, retraining
from worker.drift import Alarm, drift
from worker.failures import Kind, failures
from worker.store import Store
from worker.training_records import TrainingState

bp = Blueprint("metrics", __name__)
bp.before_request(access.require)
bp.after_request(access.keep_private)


@bp.get("/metrics")
def show() -> Response:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures(office().store))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class Figures:
    """A collector that asks the database and the broker anew each time."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterator[Metric]:
        yield from _now(self._store)
        yield from _queues(self._store)
        yield from _records(self._store)
        yield from _training(self._store)
        yield from _drift(self._store)

    def describe(self) -> Iterable[Metric]:
        """Nothing: a registry that asked would query the database once more."""
        return ()


def _gauge(name: str, words: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"sonsori_{name}", words, labels=labels)


def _now(store: Store) -> Iterator[Metric]:
    found = overview.numbers(store)
    for name, words, value in (
        ("photos_waiting", "Photos that are not read yet.", found.photos_waiting),
        ("photo_wait_seconds", "How long the oldest of them has waited.", found.oldest_photo_s),
        ("messages_untold", "Messages that are read and not told yet.", found.untold),
        ("calls_live", "Calls that go on.", found.calls_live),
        ("calls_held", "Calls that wait for a photo.", found.calls_held),
        ("calls_under_way", "Calls that go on, ring or are about to.", found.calls_under_way),
        ("readings_last_hour", "Photos that were read in the last hour.", found.readings_hour),
    ):
        gauge = _gauge(name, words)
        gauge.add_metric([], value)
        yield gauge


def _queues(store: Store) -> Iterator[Metric]:
    lengths = broker.queue_lengths(store.celery)
    up = _gauge("broker_up", "Whether the broker answers: 1 or 0.")
    up.add_metric([], lengths is not None)
    length = _gauge("queue_length", "Jobs that wait, by queue.", "queue")
    for queue, jobs in (lengths or {}).items():
        length.add_metric([queue], jobs)
    yield from (up, length)


def _records(store: Store) -> Iterator[Metric]:
    readings = _gauge("readings", "Readings on record, by model and sureness.", "model", "sure")
    for model, sure, count in overview.readings_by_model(store):
        readings.add_metric([model, "yes" if sure else "no"], count)
    answers = _gauge("answers", "Callers' answers on record, by kind of label.", "label")
    for label, count in overview.answers_by_label(store):
        answers.add_metric([label], count)
    failed = _gauge("failures", "What failed in the last week, by kind.", "kind")
    kinds = [failure.kind for failure in failures(store)]
    for kind in Kind:
        failed.add_metric([kind], kinds.count(kind))
    yield from (readings, answers, failed)


def _training(store: Store) -> Iterator[Metric]:
    run = next(iter(retraining.overview(store, newest=1)), None)
    state = _gauge("training_state", "State of the newest retraining: 1, others 0.", "state")
    for name in TrainingState:
        state.add_metric([name], run is not None and run.state == name)
    beat = _gauge("training_beat_seconds", "Since the retraining under way was known to live.")
    if run is not None and run.silent_s is not None:
        beat.add_metric([], run.silent_s)
    yield from (state, beat)


def _drift(store: Store) -> Iterator[Metric]:
    found = drift(store, weeks=1)
    alarm = _gauge("drift_alarm", "Whether drift is out of bounds, by kind: 1 or 0.", "kind")
    for kind in Alarm:
        alarm.add_metric([kind], kind in found.alarms)
    agreed = _gauge("answers_agreed_share", "Share of the last week's answers that agree.", "bound")
    low, high = found.weeks[0].agreed.interval
    for bound, value in (("value", found.weeks[0].agreed.value), ("low", low), ("high", high)):
        agreed.add_metric([bound], float("nan") if value is None else value)
    problems = _gauge("problems_last_week", "Photos of the last week, by problem.", "problem")
    for problem, count in found.weeks[0].problems.items():
        problems.add_metric([problem], count)
    index = _gauge("confidence_stability_index", "How far confidences have moved.", "model")
    if found.confidence is not None and found.confidence.index is not None:
        index.add_metric([found.confidence.model], found.confidence.index)
    yield from (alarm, agreed, problems, index)

# SPDX-License-Identifier: Apache-2.0
"""What an operator should look at now, as sentences: the same on the page and in the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ivr.ops.words import duration
from worker.drift import Alarm
from worker.overview import Numbers
from worker.queue import Queue

LONG_WAIT_S = 60  # a caller who waits for a photo's reading has hung up by then
NEEDED = frozenset([Queue.READING, Queue.DELIVERY, Queue.UPKEEP])  # training may be elsewhere

ALARMS = {
    Alarm.CONFIRMED: "Drift: callers say too seldom that a reading is right.",
    Alarm.CONFIDENCE: "Drift: the model is not as sure of its readings as it used to be.",
}


def concerns(
    numbers: Numbers,
    queues: Mapping[Queue, int] | None,
    workers: Mapping[str, Sequence[str]],
    alarms: Sequence[Alarm],
    failed: int,
) -> list[str]:
    """One sentence each; none when all is well."""
    found = [*_machinery(queues, workers)]
    if numbers.oldest_photo_s > LONG_WAIT_S:
        found.append(f"A photo has waited for {duration(numbers.oldest_photo_s)}.")
    found += [ALARMS[alarm] for alarm in alarms]
    if failed:
        found.append(f"Failed in the last week: {failed}.")
    return found


def _machinery(
    queues: Mapping[Queue, int] | None, workers: Mapping[str, Sequence[str]]
) -> list[str]:
    if queues is None:
        return ["The broker does not answer: photos are recorded, and read when it is back."]
    if not workers:
        return ["No worker answers: nothing is read and nobody is rung."]
    unserved = NEEDED - {queue for served in workers.values() for queue in served}
    return [f"No worker serves the queue {queue}." for queue in sorted(unserved)]

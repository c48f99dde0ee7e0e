# SPDX-License-Identifier: Apache-2.0
"""The queues, what may stand in them, and how work is put there.

What is to be done lies in the database first; a queue only says "now". So a broker that is away
costs seconds, not photos: `enqueue` logs it, and `upkeep.reap` queues the work again.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import structlog
from celery import Celery
from kombu.exceptions import OperationalError

from worker.settings import Settings

log = structlog.get_logger(__name__)

# Redis hands an unacknowledged task out again after this long: longer than any task runs but a
# retraining, which is acknowledged when it begins. Nobody waits for it: what a dead worker left
# behind is found by its lapsed claim or lease.
VISIBILITY_TIMEOUT_S = 2 * 3600
REAP_EVERY_S = 5.0
EXPIRE_EVERY_S = 600.0
REAP_TRAINING_EVERY_S = 20.0


class Queue(StrEnum):
    READING = "reading"  # a caller is waiting
    DELIVERY = "delivery"  # calls and texts
    TRAINING = "training"  # hours
    UPKEEP = "upkeep"  # retention, reaping


class Job(StrEnum):
    """The tasks, by the name they have on the wire."""

    READ_PHOTO = "sonsori.read_photo"
    DELIVER = "sonsori.deliver"
    PLACE_CALL = "sonsori.place_call"
    SEND_TEXT = "sonsori.send_text"
    DELETE_MEDIA = "sonsori.delete_media"
    KEEP_SAMPLES = "sonsori.keep_samples"
    READ_ALONG = "sonsori.read_along"
    FORGET = "sonsori.forget"
    REAP = "sonsori.reap"
    EXPIRE = "sonsori.expire"
    RETRAIN = "sonsori.retrain"
    REAP_TRAINING = "sonsori.reap_training"


QUEUE_OF = {
    Job.READ_PHOTO: Queue.READING,
    Job.DELIVER: Queue.DELIVERY,
    Job.PLACE_CALL: Queue.DELIVERY,
    Job.SEND_TEXT: Queue.DELIVERY,
    Job.DELETE_MEDIA: Queue.UPKEEP,
    Job.KEEP_SAMPLES: Queue.UPKEEP,
    Job.READ_ALONG: Queue.UPKEEP,
    Job.FORGET: Queue.UPKEEP,
    Job.REAP: Queue.UPKEEP,
    Job.EXPIRE: Queue.UPKEEP,
    Job.RETRAIN: Queue.TRAINING,
    Job.REAP_TRAINING: Queue.UPKEEP,
}


def make_producer(settings: Settings) -> Celery:
    """An application that only queues work, and gives up on a broker within half a second."""
    celery = Celery("sonsori", broker=settings.redis_url, set_as_current=False)
    celery.conf.update(configuration(settings, socket_timeout_s=0.25))
    return celery


def enqueue(celery: Celery, job: Job, *ids: int) -> bool:
    """Queue `job` for each id; False (and a log line) when the broker is away.

    The first failure ends it: a webhook that queues ten photos waits for a dead broker once.
    """
    for id in ids:
        try:
            celery.send_task(str(job), args=[id], retry=False)
        except (OperationalError, OSError) as error:
            log.error("enqueue_failed", job=str(job), id=id, error=type(error).__name__)
            return False
    return True


def configuration(settings: Settings, *, socket_timeout_s: float = 30) -> dict[str, Any]:
    """Celery's settings, the same for those who queue work and those who do it."""
    return {
        "accept_content": ["json"],
        "task_serializer": "json",
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "worker_hijack_root_logger": False,
        "task_default_queue": str(Queue.UPKEEP),
        "task_routes": {str(job): {"queue": str(queue)} for job, queue in QUEUE_OF.items()},
        "task_annotations": _time_limits(settings),
        "broker_connection_retry_on_startup": True,
        "broker_transport_options": {
            "visibility_timeout": VISIBILITY_TIMEOUT_S,
            "socket_connect_timeout": min(5.0, socket_timeout_s),
            "socket_timeout": socket_timeout_s,
            "max_retries": 1,
            "interval_start": 0,
            "interval_step": 0,
            "interval_max": 0,
        },
        "beat_schedule": _beat(),
        "beat_schedule_filename": str(settings.data_dir / "beat"),
    }


def _time_limits(settings: Settings) -> dict[str, dict[str, float]]:
    """A reading is killed when its claim lapses: a lapsed claim means nobody works on it.

    A retraining sees to its own limit; this one is for a watcher that hangs.
    """
    lease = {"soft_time_limit": 0.8 * settings.lease_s, "time_limit": settings.lease_s}
    slow = {"soft_time_limit": 270.0, "time_limit": 300.0}
    quick = {Job.READ_PHOTO, Job.DELIVER, Job.PLACE_CALL, Job.SEND_TEXT}
    limits = {str(job): lease if job in quick else slow for job in Job}
    return limits | {str(Job.RETRAIN): {"time_limit": 3600.0 * settings.training_hours + 600.0}}


def _beat() -> dict[str, Any]:
    """`expires`: a beat that waited for a busy worker is not worth doing twice."""
    return {
        str(job): {"task": str(job), "schedule": every_s, "options": {"expires": every_s}}
        for job, every_s in _EVERY_S.items()
    }


_EVERY_S = {
    Job.REAP: REAP_EVERY_S,
    Job.EXPIRE: EXPIRE_EVERY_S,
    Job.REAP_TRAINING: REAP_TRAINING_EVERY_S,
}

# SPDX-License-Identifier: Apache-2.0
"""The tasks: an id in, one call into the code that does it. All of them may run twice."""

from __future__ import annotations

from celery import shared_task

from worker import (
    delivery,
    erasure,
    forgetting,
    readings,
    retraining,
    ringing,
    samples,
    texts,
    upkeep,
)
from worker.promotion import reading_along
from worker.queue import Job
from worker.workplace import here, this_app


@shared_task(name=str(Job.READ_PHOTO))
def read_photo(photo_id: int) -> None:
    place = here()
    readings.read_photo(place.store, photo_id, fetch=place.fetch, read=place.read)


@shared_task(name=str(Job.DELIVER))
def deliver(message_id: int) -> None:
    place = here()
    delivery.deliver(place.store, place.gateway, message_id)


@shared_task(name=str(Job.PLACE_CALL))
def place_call(call_id: int) -> None:
    place = here()
    ringing.place_call(place.store, place.gateway, call_id)


@shared_task(name=str(Job.SEND_TEXT))
def send_text(text_id: int) -> None:
    place = here()
    texts.send_text(place.store, place.gateway, text_id)


@shared_task(name=str(Job.DELETE_MEDIA))
def delete_media(message_id: int) -> None:
    place = here()
    erasure.delete_media(place.store, place.gateway, message_id)


@shared_task(name=str(Job.KEEP_SAMPLES))
def keep_samples(confirmation_id: int) -> None:
    place = here()
    samples.keep_samples(place.store, confirmation_id, place.realign)


@shared_task(name=str(Job.READ_ALONG))
def read_along(reading_id: int) -> None:
    place = here()
    reading_along.read_along(place.store, reading_id, place.challenger)


@shared_task(name=str(Job.FORGET))
def forget(caller_id: int) -> None:
    forgetting.forget_who_asked(here().store, caller_id)


@shared_task(name=str(Job.REAP))
def reap() -> None:
    upkeep.reap(here().store)


@shared_task(name=str(Job.EXPIRE))
def expire() -> None:
    store = here().store
    erasure.expire(store)
    upkeep.sweep(store)
    retraining.drop_old(store)
    retraining.drop_forgotten(store)


@shared_task(name=str(Job.RETRAIN), acks_late=False)
def retrain(run_id: int) -> None:
    """Acknowledged when it begins: what a dead trainer left is found by its lapsed lease, and a
    broker that waited for hours would hand it out twice."""
    app = this_app()
    retraining.retrain(app.store, run_id, launch=app.launch, stopping=app.stopping)


@shared_task(name=str(Job.REAP_TRAINING))
def reap_training() -> None:
    store = here().store
    retraining.reap(store)
    retraining.ask_when_due(store)

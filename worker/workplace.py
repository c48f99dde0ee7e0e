# SPDX-License-Identifier: Apache-2.0
"""What a worker process has at hand, and the Celery application through which tasks find it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from threading import Event
from typing import cast

from celery import Celery, current_app

import vision
from worker import media
from worker.gateway import Gateway
from worker.models import Models
from worker.promotion.bundles import ModelStore
from worker.promotion.reading_along import Challenger
from worker.promotion.serving import Serving
from worker.queue import configuration
from worker.readings import Fetch, Read
from worker.retraining.launch import Launch, launch_flow
from worker.samples import Realign
from worker.settings import Settings
from worker.store import Store, open_store

Boxes = tuple[vision.Box, ...]


@dataclass(frozen=True, slots=True)
class Workplace:
    store: Store
    gateway: Gateway
    fetch: Fetch
    read: Read
    models: Models | Serving
    challenger: Challenger
    realign: Realign

    def close(self) -> None:
        self.models.close()
        self.gateway.close()
        self.store.close()


class WorkerApp(Celery):
    """The application a worker runs. Its workplace is opened by the first task, after the fork.

    A trainer needs only its `store`: it loads no model while it waits. It starts what `launch`
    says, and `stopping` is set when it shuts down.
    """

    def __init__(self, settings: Settings, *, launch: Launch = launch_flow) -> None:
        super().__init__("sonsori", broker=settings.redis_url, include=["worker.tasks"])
        self.settings = settings
        self.launch = launch
        self.stopping = Event()
        self.conf.update(configuration(settings))

    @cached_property
    def store(self) -> Store:
        return open_store(self.settings, celery=self)

    @cached_property
    def workplace(self) -> Workplace:
        return open_workplace(self.settings, self)


def open_workplace(settings: Settings, celery: Celery) -> Workplace:
    """Everything a task needs, the model included: the first caller does not wait for it."""
    models = _open_models(settings)

    def read(photo: bytes) -> vision.Reading:
        return vision.read(
            photo,
            models.current(),
            max_pixels=settings.photo_max_pixels,
            max_bytes=settings.photo_max_bytes,
        )

    def realign(photo: vision.Photo, reading: vision.Reading, digits: str) -> Boxes | None:
        return vision.realign(photo, models.current(), reading, digits)

    store = open_store(settings, celery=celery)
    fetch, challenger = partial(media.fetch, settings), Challenger(ModelStore(settings.models()))
    return Workplace(store, Gateway(settings), fetch, read, models, challenger, realign)


def _open_models(settings: Settings) -> Models | Serving:
    """A folder that an operator has fixed is served whatever was promoted."""
    models = (
        Serving(ModelStore(settings.models())).open()
        if settings.model_dir is None
        else Models(settings.model_dir)
    )
    models.current()
    return models


def here() -> Workplace:
    """The workplace of the process this task runs in."""
    return this_app().workplace


def this_app() -> WorkerApp:
    return cast(WorkerApp, current_app)

# SPDX-License-Identifier: Apache-2.0
"""What the broker knows: how long the queues are, and which workers serve them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import structlog
from celery import Celery
from kombu import Connection
from kombu.exceptions import ChannelError, OperationalError

from worker.queue import Queue

log = structlog.get_logger(__name__)

ANSWER_S = 0.6  # that a worker may take to say it is there


def queue_lengths(celery: Celery) -> dict[Queue, int] | None:
    """How many jobs wait in each queue, those not counted that a worker holds; None when the
    broker is away."""
    with celery.connection_for_read() as connection:
        try:
            connection.default_channel  # noqa: B018  gives up at once, which others do not
            return {queue: _length(connection, queue) for queue in Queue}
        except _failures(connection) as error:
            _away(error)
            return None


def workers(celery: Celery) -> dict[str, tuple[str, ...]]:
    """Each worker that answers within `ANSWER_S`, and the queues it takes jobs from; none when
    the broker is away. Asking takes that long."""
    with celery.connection_for_read() as connection:
        try:
            asked = celery.control.inspect(timeout=ANSWER_S, connection=connection)
            answers = asked.active_queues() or {}
        except _failures(connection) as error:
            _away(error)
            return {}
    return {name: _names(queues) for name, queues in sorted(answers.items())}


def _failures(connection: Connection) -> tuple[type[BaseException], ...]:
    """Kombu wraps some of its transport's errors and not others."""
    return OperationalError, *connection.connection_errors


def _away(error: BaseException) -> None:
    log.warning("broker_away", error=type(error).__name__)


def _length(connection: Connection, queue: Queue) -> int:
    with cast(Any, connection.channel()) as channel:
        try:
            return int(channel.queue_declare(str(queue), passive=True).message_count)
        except ChannelError:  # nothing was ever put into it
            return 0


def _names(queues: Sequence[Mapping[str, object]] | None) -> tuple[str, ...]:
    return tuple(sorted(str(queue["name"]) for queue in queues or []))

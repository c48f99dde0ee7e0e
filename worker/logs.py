# SPDX-License-Identifier: Apache-2.0
"""Log lines: for people on a terminal, as JSON elsewhere. Never digits, never full numbers."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog


def configure_logs(stream: TextIO = sys.stderr) -> None:
    """Send our own lines and those of libraries (from INFO) to `stream` in one shape."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(shared, people=stream.isatty()))
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for chatty in ("celery.app.trace", "celery.worker.strategy"):  # two lines a task
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _formatter(
    shared: list[structlog.typing.Processor], *, people: bool
) -> structlog.stdlib.ProcessorFormatter:
    shape: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if people
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *shape],
    )

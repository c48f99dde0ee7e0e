# SPDX-License-Identifier: Apache-2.0
"""Is this process fit to answer calls?"""

from __future__ import annotations

import structlog
from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from ivr.office import office
from worker.records import Call

log = structlog.get_logger(__name__)
bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """200 when the database answers; queues may be away, photos wait for them."""
    try:
        with office().store.snapshot() as session:
            session.execute(select(Call.id).limit(1))
    except SQLAlchemyError as error:
        log.error("unhealthy", error=type(error).__name__)
        return jsonify(status="no database"), 503
    return jsonify(status="ok")

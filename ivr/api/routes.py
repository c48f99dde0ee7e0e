# SPDX-License-Identifier: Apache-2.0
"""The addresses for applications: send a photo, ask for its reading, delete it.

Every answer is JSON, and none is kept by a cache. A key in a header cannot be sent by a form on
another site, and there is no cookie: requests need no further proof of where they come from.
"""

from __future__ import annotations

import re
from typing import NoReturn

import structlog
from flask import Blueprint, Response, abort, jsonify, request, url_for
from werkzeug.exceptions import HTTPException

from ivr.api import problems
from ivr.api.photos import photo_of
from ivr.api.problems import Problem
from ivr.office import office
from worker import api_readings
from worker.api_readings import Asked, OtherPhotoError, State, TooManyError

log = structlog.get_logger(__name__)
bp = Blueprint("api", __name__, url_prefix="/api")

READ_IN_S = "1"  # how long a photo takes, about, when nobody waits before it
CHALLENGE = 'Bearer realm="sonsori"'
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,200}")


@bp.post("/readings")
def send() -> Response:
    """202 and where to ask; the photo is recorded by then."""
    client, key = _client(), request.headers.get("Idempotency-Key")
    if key is not None and not _IDEMPOTENCY_KEY.fullmatch(key):
        return problems.answer(Problem.BAD_IDEMPOTENCY_KEY)
    settings = office().settings
    photo = photo_of(request, max_bytes=settings.photo_max_bytes)
    if isinstance(photo, Problem):
        return problems.answer(photo)
    try:
        id = api_readings.receive(
            office().store, client, photo, key or "", at_once=settings.api_photos_at_once
        )
    except OtherPhotoError:
        return problems.answer(Problem.OTHER_PHOTO)
    except TooManyError:
        return problems.answer(Problem.TOO_MANY, Retry_After=READ_IN_S)
    return _accepted(id)


@bp.get("/readings/<id>")
def show(id: str) -> Response:
    """The reading, as `sonsori read --json` prints it, as soon as it is there."""
    asked = api_readings.look(office().store, _client(), id)
    if asked is None:
        return problems.answer(Problem.NOT_FOUND)
    if asked.state is State.EXPIRED:
        return problems.answer(Problem.EXPIRED)
    answer = jsonify(_shown(asked))
    if asked.state is State.PENDING:
        answer.headers["Retry-After"] = READ_IN_S
    return answer


@bp.delete("/readings/<id>")
def remove(id: str) -> Response:
    """The photo and its digits are gone when this answers."""
    if not api_readings.remove(office().store, _client(), id):
        return problems.answer(Problem.NOT_FOUND)
    return Response(status=204)


@bp.get(f"/problems/<any({', '.join(Problem)}):name>")
def explain_problem(name: str) -> Response:
    """What a problem's `type` leads to."""
    return Response(problems.meaning(Problem(name)) + "\n", mimetype="text/plain")


@bp.after_request
def keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@bp.errorhandler(Exception)
def explain(error: Exception) -> Response:
    """Whatever else goes wrong is said in the same form. What was sent is not logged."""
    if not isinstance(error, HTTPException):
        log.exception("api_failed")
        return problems.answer(Problem.FAILED)
    if isinstance(error.response, Response):
        return error.response
    return problems.respond(error.code or 500, "about:blank", error.description or "")


@bp.app_errorhandler(HTTPException)
def explain_under_api(error: HTTPException) -> Response | HTTPException:
    """An address or a method there is not, which belongs to no view of ours."""
    return explain(error) if request.path.startswith("/api/") else error


def _client() -> str:
    """The application that asks. Answers 404 without any keys: then there is no such address."""
    clients = office().clients
    if not clients.keys:
        abort(404)
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    name = clients.named(given.strip()) if kind.lower() == "bearer" else None
    if name is None:
        _refuse()
    return name


def _refuse() -> NoReturn:
    log.warning("api_key_refused")
    abort(problems.answer(Problem.NO_KEY, WWW_Authenticate=CHALLENGE))


def _accepted(id: str) -> Response:
    url = url_for("api.show", id=id)
    answer = jsonify(id=id, state=str(State.PENDING), url=url)
    answer.status_code = 202
    answer.headers.update({"Location": url, "Retry-After": READ_IN_S})
    return answer


def _shown(asked: Asked) -> dict[str, object]:
    reading = {} if asked.reading is None else asked.reading.as_dict()
    return {"id": asked.id, "state": str(asked.state), **reading}

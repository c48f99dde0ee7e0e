# SPDX-License-Identifier: Apache-2.0
"""What went wrong, as programs read it: problem details of RFC 9457."""

from __future__ import annotations

import json
from enum import StrEnum
from http import HTTPStatus

from flask import Response

MIMETYPE = "application/problem+json"


class Problem(StrEnum):
    """Each is the end of a `type`, which never changes: programs tell problems apart by it."""

    NO_KEY = "no_key"
    NO_PHOTO = "no_photo"
    TOO_LARGE = "too_large"
    NOT_AN_IMAGE = "not_an_image"
    BAD_IDEMPOTENCY_KEY = "bad_idempotency_key"
    OTHER_PHOTO = "other_photo"
    TOO_MANY = "too_many"
    NOT_FOUND = "not_found"
    EXPIRED = "expired"
    FAILED = "failed"


_SAYS = {
    Problem.NO_KEY: (401, "Send 'Authorization: Bearer KEY' with a key of this service."),
    Problem.NO_PHOTO: (400, "Send one photo: as the body, or as the form's file 'photo'."),
    Problem.TOO_LARGE: (413, "The photo has more bytes than this service reads."),
    Problem.NOT_AN_IMAGE: (415, "This is no JPEG, PNG, HEIF, AVIF, WebP, TIFF, GIF or BMP."),
    Problem.BAD_IDEMPOTENCY_KEY: (400, "An Idempotency-Key has 1 to 200 printable characters."),
    Problem.OTHER_PHOTO: (422, "This Idempotency-Key came before, with another photo."),
    Problem.TOO_MANY: (429, "So many photos of yours are unread: wait for one to be read."),
    Problem.NOT_FOUND: (404, "There is no such reading, or not of yours."),
    Problem.EXPIRED: (410, "The digits were deleted after their time."),
    Problem.FAILED: (503, "This service failed, and nothing was taken. Send it again."),
}


def answer(problem: Problem, **headers: str) -> Response:
    """The response to a request that has this problem."""
    status, detail = _SAYS[problem]
    return respond(status, f"/api/problems/{problem}", detail, **headers)


def meaning(problem: Problem) -> str:
    return _SAYS[problem][1]


def respond(status: int, type: str, detail: str, **headers: str) -> Response:
    """A problem by its HTTP status; header names are written with `_` for `-`."""
    title = HTTPStatus(status).phrase
    body = {"type": type, "title": title, "status": status, "detail": detail}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named["Cache-Control"] = "no-store"
    return Response(json.dumps(body), status, named, MIMETYPE)

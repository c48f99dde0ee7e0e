# SPDX-License-Identifier: Apache-2.0
"""The photo in a request: the body itself, or the one file of a form."""

from __future__ import annotations

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from ivr.api.problems import Problem
from ivr.camera.kinds import is_photo

FORM = "multipart/form-data"
FORM_AROUND = 10_000  # bytes that a form adds to its photo


def photo_of(request: Request, *, max_bytes: int) -> bytes | Problem:
    """The photo's bytes, or what keeps it from being taken. Never reads more than allowed."""
    request.max_content_length = max_bytes + FORM_AROUND
    try:
        found = _in_form(request, max_bytes) if request.mimetype == FORM else _in_body(request)
    except RequestEntityTooLarge:
        return Problem.TOO_LARGE
    if not found:
        return Problem.NO_PHOTO
    if len(found) > max_bytes:
        return Problem.TOO_LARGE
    return found if is_photo(found) else Problem.NOT_AN_IMAGE


def _in_body(request: Request) -> bytes:
    return request.get_data(cache=False)


def _in_form(request: Request, max_bytes: int) -> bytes:
    """Nothing when the form has not exactly one file named `photo`."""
    files = list(request.files.items(multi=True))
    if [name for name, _ in files] != ["photo"]:
        return b""
    return files[0][1].stream.read(max_bytes + 1)

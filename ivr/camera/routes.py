# SPDX-License-Identifier: Apache-2.0
"""The addresses of the camera page. Looking at it changes nothing: messaging apps look first.

The token in the address is what allows an upload, so a form on another site can do nothing, and
no cookie is needed. Nothing of it is logged.
"""

from __future__ import annotations

import structlog
from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from ivr.camera.kinds import is_photo
from ivr.catalogue import languages, load
from ivr.office import office
from worker import uploads
from worker.inbox import MAX_PHOTOS
from worker.uploads import Link, Standing

log = structlog.get_logger(__name__)
bp = Blueprint(
    "camera",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/camera",
)

STATUS = {"busy": 409, "used": 410, "gone": 404, "too_large": 413, "failed": 503}
WITHOUT_FORM = frozenset({"received", "busy", "used", "gone"})
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self'; "
        "img-src data:; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


@bp.get("/photo/<token>")
def show(token: str) -> Response:
    """The form, or why there is none."""
    link = uploads.look(office().store, token)
    return _page(link, "" if link.standing is Standing.OPEN else link.standing)


@bp.post("/photo/<token>")
def take(token: str) -> Response:
    """Photos: all of them are taken, or none and the page says why."""
    link = uploads.look(office().store, token)
    if link.standing is not Standing.OPEN:
        return _page(link, link.standing)
    try:
        photos = _photos()
    except RequestEntityTooLarge:
        return _page(link, "too_large")
    wrong = _wrong(photos)
    if wrong:
        return _page(link, wrong)
    taken = uploads.upload(office().store, token, photos)
    return _page(taken, taken.standing)


@bp.errorhandler(Exception)
def apologise(error: Exception) -> Response | HTTPException:
    """The link is still good: the form is shown again."""
    if isinstance(error, HTTPException):
        return error
    log.exception("upload_failed")
    return _page(Link(Standing.OPEN), "failed")


def _photos() -> list[bytes]:
    """What was sent, whichever of the two buttons it came from; one too large is cut short."""
    settings = office().settings
    request.max_content_length = settings.upload_max_bytes
    files = request.files.getlist("photo")[: MAX_PHOTOS + 2]
    read = (file.stream.read(settings.photo_max_bytes + 1) for file in files)
    return [data for data in read if data]


def _wrong(photos: list[bytes]) -> str:
    """What keeps them from being taken, by its name in the catalogue; empty when nothing does."""
    if not photos:
        return "no_photo"
    if len(photos) > MAX_PHOTOS:
        return "too_many"
    if any(len(data) > office().settings.photo_max_bytes for data in photos):
        return "too_large"
    return "" if all(map(is_photo, photos)) else "not_an_image"


def _page(link: Link, news: str) -> Response:
    """`news` names what there is to say first; empty for the bare form."""
    known = link.language if link.language in languages() else ""
    language = known or request.accept_languages.best_match(languages()) or _default()
    page = render_template(
        "camera.html",
        language=language,
        words=load(language).page,
        news=str(news),
        form=news not in WITHOUT_FORM,
    )
    status = STATUS.get(news, 400 if news in ("no_photo", "too_many", "not_an_image") else 200)
    response = make_response(page, status)
    response.headers.update(HEADERS)
    return response


def _default() -> str:
    return office().settings.default_language

# SPDX-License-Identifier: Apache-2.0
"""Texts and photos to the service's number."""

from __future__ import annotations

import re

import structlog
from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from ivr import twiml
from ivr.catalogue import Catalogue, is_keyword, language_of, load
from ivr.dialog.types import Say
from ivr.office import office
from ivr.webhooks.hook import field, webhook, xml
from worker import inbox, uploads
from worker.callers import bare_number, can_be_rung
from worker.inbox import Inbound

log = structlog.get_logger(__name__)
bp = Blueprint("messages", __name__)

MEDIA_SID = re.compile(r"/Media/(ME[0-9a-f]{32})$")
MAX_PHOTOS = 10
# Twilio answers these itself.
HELP = frozenset(["help", "info"])


@webhook(bp, "/messages")
def receive() -> Response:
    """Photos are queued in silence: the answer is a call. Any word gets a link to the page."""
    number = field("From")
    sid = field("MessageSid")
    if not can_be_rung(bare_number(number)):
        return xml(twiml.nothing())  # a short code or a brand name: a machine, which never rings
    if _is_keyword(number):
        return xml(twiml.nothing())
    photos = _media_sids()
    received = inbox.receive(office().store, _inbound(sid, number, photos))
    if photos or received is None:
        return xml(twiml.nothing())
    return xml(twiml.text_reply(_link(number, received)))


@bp.errorhandler(Exception)
def apologise(error: Exception) -> Response | HTTPException:
    """Whoever sent something hears that it did not arrive; nothing is dropped in silence."""
    if isinstance(error, HTTPException):
        return error
    log.exception("message_failed", sid=request.form.get("MessageSid"))
    words = _words(request.form.get("From", ""))
    return xml(twiml.text_reply(words.text(Say("error_text"))))


def _link(number: str, message_id: int) -> str:
    """The link goes out with the answer to the text, and stands nowhere else."""
    url = uploads.invite(office().store, inbox.sender(office().store, message_id))
    words = _words(number)
    return f"{words.text(Say('text_link'))} {url}" if url else words.text(Say("text_links_enough"))


def _is_keyword(number: str) -> bool:
    """Whether the message is an opt-out word; stops and starts are kept, Twilio replies."""
    word = request.form.get("OptOutType", "") or request.form.get("Body", "")
    if is_keyword("stop", word):
        inbox.stop(office().store, number)
        return True
    if is_keyword("start", word):
        inbox.start(office().store, number)
        return True
    return word.strip().lower() in HELP


def _media_sids() -> tuple[str, ...]:
    """The ids of the photos; their addresses are built from ids alone, never taken as given."""
    urls = (request.form.get(f"MediaUrl{i}", "") for i in range(MAX_PHOTOS))
    return tuple(found[1] for url in urls if (found := MEDIA_SID.search(url)))


def _inbound(sid: str, number: str, photos: tuple[str, ...]) -> Inbound:
    channel = "whatsapp" if number.startswith("whatsapp:") else "mms"
    language = language_of(number, office().settings.default_language)
    return Inbound(sid, number, channel, photos, language)


def _words(number: str) -> Catalogue:
    return load(language_of(number, office().settings.default_language))

# SPDX-License-Identifier: Apache-2.0
"""A call rings in, is answered, loses its stream, or goes on by keys."""

from __future__ import annotations

import structlog
from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from ivr import tokens, twiml
from ivr.catalogue import Catalogue, language_of, load
from ivr.conversation import Conversation, UnknownCall
from ivr.dialog.types import Answered, Event, Keyed, Silence
from ivr.office import office
from ivr.webhooks.hook import field, webhook, xml
from worker import calls
from worker.callers import bare_number, can_be_rung
from worker.calls import CallView
from worker.records import CallStatus

log = structlog.get_logger(__name__)
bp = Blueprint("voice", __name__, url_prefix="/voice")


@webhook(bp, "/incoming")
def incoming() -> Response:
    """Somebody rings. Whoever hides their number cannot be matched to a photo."""
    number = field("From")
    if not can_be_rung(bare_number(number)):
        return xml(twiml.farewell(_words(), "anonymous_call"))
    language = language_of(number, office().settings.default_language)
    return _stream(calls.start_inbound(office().store, field("CallSid"), number, language).id)


@webhook(bp, "/answer/<int:call_id>")
def answer(call_id: int) -> Response:
    """A call of ours was picked up, or one that waited is moved on because its photo is read."""
    sid = field("CallSid")
    calls.set_status(office().store, call_id, CallStatus.IN_PROGRESS, sid=sid)
    _own(call_id, sid)
    return _stream(call_id)


@webhook(bp, "/after/<int:call_id>")
def after(call_id: int) -> Response:
    """The stream has ended: with the conversation, or in the middle of it."""
    _own(call_id, field("CallSid"))
    return _go_on(call_id, Answered())


@webhook(bp, "/keys/<int:call_id>")
def keys(call_id: int) -> Response:
    """Keys, or none in time. An answer to an earlier question only has this one asked again."""
    view = _own(call_id, field("CallSid"))
    fresh = request.args.get("version") == str(view.version)
    return _go_on(call_id, _pressed() if fresh else Answered())


@bp.errorhandler(UnknownCall)
def unknown(error: UnknownCall) -> Response:
    return xml(twiml.hang_up())


@bp.errorhandler(Exception)
def apologise(error: Exception) -> Response | HTTPException:
    """A caller hears a sentence in their language, never silence or a machine's complaint."""
    if isinstance(error, HTTPException):
        return error
    log.exception("call_failed", sid=request.form.get("CallSid"))
    return xml(twiml.farewell(_words(), "error_call"))


def _own(call_id: int, sid: str) -> CallView:
    """The call, if it is the one this request is about; raises UnknownCall."""
    view = calls.view(office().store, call_id)
    if view is None or view.sid not in (None, sid):
        raise UnknownCall(f"no call {call_id}")
    return view


def _stream(call_id: int) -> Response:
    store, settings = office().store, office().settings
    return xml(twiml.stream(settings, call_id, tokens.issue(store, call_id)))


def _go_on(call_id: int, event: Event) -> Response:
    conversation = Conversation(office().store, call_id)
    actions = conversation.step(event)
    version = conversation.version
    words = conversation.catalogue
    return xml(twiml.keypad(office().settings, call_id, version, actions, words))


def _pressed() -> Event:
    """`#` alone is an answer; nothing at all is silence."""
    pressed = request.form.get("Digits", "") or request.form.get("FinishedOnKey", "")
    return Keyed(pressed) if pressed else Silence()


def _words() -> Catalogue:
    """The language of whoever is on the other end."""
    outbound = request.form.get("Direction", "").startswith("outbound")
    number = request.form.get("To" if outbound else "From", "")
    return load(language_of(number, office().settings.default_language))

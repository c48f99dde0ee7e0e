# SPDX-License-Identifier: Apache-2.0
"""Where a call stands, as Twilio reports it: late, twice, out of order."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from ivr.conversation import Conversation
from ivr.dialog.state import Ending, State
from ivr.dialog.types import HungUp, Say
from ivr.office import office
from ivr.saved import Saved
from ivr.webhooks.hook import field, webhook
from worker import calls
from worker.calls import CallView
from worker.records import CallStatus

bp = Blueprint("status", __name__, url_prefix="/voice")

OVER = (CallStatus.COMPLETED, CallStatus.BUSY, CallStatus.NO_ANSWER, CallStatus.FAILED)


@webhook(bp, "/status")
def status_of_number() -> Response:
    """For calls that rang in: the address is the number's, so the call is known by its sid."""
    call_id = calls.find(office().store, field("CallSid"))
    return Response(status=404) if call_id is None else _report(call_id)


@webhook(bp, "/status/<int:call_id>")
def status(call_id: int) -> Response:
    """For calls we placed."""
    return _report(call_id)


def _report(call_id: int) -> Response:
    """Keep the news; what was certain when the line went is kept before the call is closed."""
    sid, reported = field("CallSid"), field("CallStatus")
    view = calls.view(office().store, call_id)
    if view is None:
        abort(404)
    if view.sid not in (None, sid):
        return Response(status=204)
    if reported in OVER and view.state is not None:
        Conversation(office().store, call_id).step(HungUp())
    if calls.set_status(office().store, call_id, reported, sid=sid) and reported in OVER:
        _tell_by_text(calls.view(office().store, call_id) or view)
    return Response(status=204)


def _tell_by_text(view: CallView) -> None:
    """Nobody came to the telephone: a text without digits says how to hear them."""
    if view.direction == "outbound" and not _reached(Saved.of(view).dialog):
        words = Conversation(office().store, view.id).catalogue
        body = words.text(Say("text_missed"))
        calls.queue_text(office().store, view.caller_id, f"missed:{view.id}", body)


def _reached(dialog: State | None) -> bool:
    """Whether a person answered, be it to say "not now"."""
    return dialog is not None and (dialog.person or dialog.ending in (Ending.LATER, Ending.STOPPED))

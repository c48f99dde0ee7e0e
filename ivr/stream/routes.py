# SPDX-License-Identifier: Apache-2.0
"""The WebSocket `/voice/stream`: who may open it, and what is behind it."""

from __future__ import annotations

import structlog
from flask import Blueprint, Flask, abort, request
from flask_sock import Sock
from simple_websocket import ConnectionClosed, Server

from ivr import tokens
from ivr.catalogue import languages
from ivr.conversation import Conversation
from ivr.hearing import Hearing
from ivr.hearing.opening import open_second_opinion
from ivr.office import office
from ivr.settings import Settings
from ivr.stream.protocol import Started
from ivr.stream.run import LineClosed, run
from ivr.voice import open_voice
from worker.store import Store

_OPTIONS = {
    "max_message_size": 65_536,  # Twilio's are under 1 kB
    "ping_interval": 25,  # a line that went away without a word is noticed
}
_EXTENSION = "sonsori.hearing"
_LONGEST_ID = 18  # digits; longer is no id of ours

log = structlog.get_logger(__name__)


def init_app(app: Flask, settings: Settings, store: Store) -> None:
    """Register the route. The voice starts with the first call, so do the recognisers unless
    they have been asked to `warm_up`."""
    voice = open_voice(settings.voice_clips)
    second = open_second_opinion(settings.whisper_models, settings.whisper_processes)
    hearing = Hearing(settings.data_dir, settings.vosk_models, second)
    blueprint = Blueprint("stream", __name__, url_prefix="/voice")

    def talk(server: Server) -> None:
        try:
            run(WebSocket(server), lambda start: _admit(store, start), voice, hearing)
        except Exception as error:  # the call goes on by keys: its next webhook sees to that
            log.exception("stream_failed", error=type(error).__name__)

    app.config.setdefault("SOCK_SERVER_OPTIONS", _OPTIONS)
    blueprint.before_request(_check_signature)
    Sock().route("/stream", bp=blueprint)(talk)
    app.register_blueprint(blueprint)
    app.extensions[_EXTENSION] = hearing


def warm_up(app: Flask) -> None:
    """Load the recognisers of all languages in the background: a process that is to take calls
    has them before the first one."""
    for language in languages():
        app.extensions[_EXTENSION].warm(language)


class WebSocket:
    """Our side of an open WebSocket."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def send(self, data: str) -> None:
        try:
            self._server.send(data)
        except (ConnectionClosed, OSError) as error:
            raise LineClosed from error

    def receive(self, timeout: float) -> str | bytes | None:
        try:
            message: str | bytes | None = self._server.receive(timeout=timeout)
        except ConnectionClosed as error:
            raise LineClosed from error
        return message


def _check_signature() -> None:
    """Before the socket is accepted: 403 for a stranger."""
    if not office().signatures.cover_socket(request.environ):
        abort(403)


def _admit(store: Store, start: Started) -> Conversation | None:
    """The conversation of a stream that shows its one-time token."""
    call = start.parameters.get("call", "")
    if not (call.isascii() and call.isdecimal() and len(call) <= _LONGEST_ID):
        return None
    if not tokens.redeem(store, int(call), start.parameters.get("token", "")):
        return None
    return Conversation(store, int(call))

# SPDX-License-Identifier: Apache-2.0
"""A media stream from its first message to its last, on any socket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import structlog

from ivr.hearing import Hearing
from ivr.stream.clock import MediaClock
from ivr.stream.playback import Playback
from ivr.stream.protocol import Connected, Message, Other, ProtocolError, Started, parse
from ivr.stream.session import Dialogue, Session
from ivr.voice import Voice

_TICK_S = 0.25
_START_TIMEOUT_S = 10.0

log = structlog.get_logger(__name__)


class LineClosed(Exception):
    """The socket is gone: nothing can be sent or received any more."""


class Socket(Protocol):
    """A WebSocket, text frames both ways. Both raise `LineClosed`."""

    def send(self, data: str) -> None: ...

    def receive(self, timeout: float) -> str | bytes | None:
        """The next message, None when there is none for `timeout` seconds."""


def run(
    socket: Socket, admit: Callable[[Started], Dialogue | None], voice: Voice, hearing: Hearing
) -> None:
    """Serve one stream until it is over; the caller closes the socket.

    `admit` gives the conversation of a stream that may have one, None for a stranger. A socket
    that breaks is no end of the call: what the call does next is up to its next webhook.
    """
    try:
        start = _start(socket)
        dialogue = admit(start)
        if dialogue is None:
            log.warning("stream_refused", call=start.call_sid)
            return
        _serve(socket, start, dialogue, voice, hearing)
    except ProtocolError as error:
        log.warning("stream_broken", reason=str(error))
    except LineClosed:
        log.info("stream_lost")


def _start(socket: Socket) -> Started:
    """The start message, which only `connected` may precede."""
    message = _receive(socket, _START_TIMEOUT_S)
    if isinstance(message, Connected):
        message = _receive(socket, _START_TIMEOUT_S)
    if not isinstance(message, Started):
        raise ProtocolError("no start message at the beginning")
    return message


def _receive(socket: Socket, timeout_s: float) -> Message | None:
    text = socket.receive(timeout_s)
    return None if text is None else parse(text)


def _serve(
    socket: Socket, start: Started, dialogue: Dialogue, voice: Voice, hearing: Hearing
) -> None:
    hearing.warm(dialogue.language)
    clock = MediaClock()
    session = Session(Playback(socket, start.stream_sid, clock), clock, dialogue, voice, hearing)
    log.info("stream_started", call=start.call_sid)
    session.begin()
    while not session.over:
        message = _receive(socket, _TICK_S)
        if message is None:
            session.tick()
        elif isinstance(message, Connected | Started):
            raise ProtocolError("a second beginning")
        elif message.stream_sid != start.stream_sid and not isinstance(message, Other):
            raise ProtocolError("a message of another stream")
        else:
            session.take(message)
    log.info("stream_ended", call=start.call_sid)

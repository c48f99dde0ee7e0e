# SPDX-License-Identifier: Apache-2.0
"""A media stream from its first message to its last, on any socket."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

import structlog

from ivr.conversation import MovedOn
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
    socket: Socket,
    admit: Callable[[Started], Dialogue | None],
    voice: Voice,
    hearing: Hearing,
    monotonic: Callable[[], float] = time.monotonic,
) -> None:
    """Serve one stream until it is over; the caller closes the socket.

    `admit` gives the conversation of a stream that may have one, None for a stranger. A socket
    that breaks is no end of the call: what the call does next is up to its next webhook. A
    stream whose call has gone on over another one ends without a word.
    """
    try:
        start = _start(socket)
        dialogue = admit(start)
        if dialogue is None:
            log.warning("stream_refused", call=start.call_sid)
            return
        clock = MediaClock(monotonic)
        playback = Playback(socket, start.stream_sid, clock)
        hearing.warm(dialogue.language)
        _serve(socket, start, Session(playback, clock, dialogue, voice, hearing))
    except ProtocolError as error:
        log.warning("stream_broken", reason=str(error))
    except LineClosed:
        log.info("stream_lost")
    except MovedOn:
        log.info("stream_replaced")


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


def _serve(socket: Socket, start: Started, session: Session) -> None:
    log.info("stream_started", call=start.call_sid)
    try:
        session.begin()
        _converse(socket, start, session)
    except (LineClosed, ProtocolError):
        session.flush_keys()
        raise
    log.info("stream_ended", call=start.call_sid)


def _converse(socket: Socket, start: Started, session: Session) -> None:
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

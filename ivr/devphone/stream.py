# SPDX-License-Identifier: Apache-2.0
"""`<Connect><Stream>`: the call's sound and keys over a WebSocket, until either side ends it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect

from ivr.devphone.call import Call, CallEnded, Equipment, Moved
from ivr.devphone.frames import Clear, Mark, Play, StreamError, Writer, read_message
from ivr.devphone.line import Moment
from ivr.devphone.playout import Playout
from ivr.devphone.sids import new_sid
from ivr.devphone.signing import HEADER, sign_socket
from ivr.devphone.twiml import Stream

_OPEN_S, _CLOSE_S = 5.0, 2.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost"})


class MediaStream:
    """One bidirectional stream of one call."""

    def __init__(self, call: Call, playout: Playout, equipment: Equipment) -> None:
        self._call = call
        self._playout = playout
        self._log = equipment.log
        self._token = equipment.auth_token
        self._sid = new_sid("MZ")
        self._writer = Writer(equipment.account_sid, call.sid, self._sid)
        self._complained = False

    def run(self, stream: Stream) -> None:
        """Stream until the product closes. Raises `Moved` or `CallEnded` when the call goes on
        elsewhere or is over; what the product had queued is thrown away in every case."""
        address = urlsplit(stream.url)
        if address.scheme != "wss" and address.hostname not in _LOOPBACK:
            self._complain(31922, "a stream's url must be wss")
            return
        if not self._call.streams:
            self._complain(31920, "this handset's calls carry no stream")
            return
        try:
            with self._connect(stream.url) as socket:
                self._converse(socket, stream.parameters)
        except (OSError, WebSocketException) as error:
            self._complain(31920, f"the stream could not be opened: {error}")
        finally:
            self._playout.clear()

    def _connect(self, url: str) -> AbstractContextManager[ClientConnection]:
        header = {HEADER: sign_socket(url, self._token)}
        return connect(
            url, additional_headers=header, user_agent_header="Twilio.TmeWs/1.0",
            compression=None, open_timeout=_OPEN_S, close_timeout=_CLOSE_S,
            max_size=None, max_queue=None, proxy=None,
        )  # fmt: skip

    def _converse(self, socket: ClientConnection, parameters: Mapping[str, str]) -> None:
        self._log.add("stream", call=self._call.sid, what="started")
        try:
            socket.send(self._writer.connected())
            socket.send(self._writer.start(parameters))
            while True:
                self._receive(socket)
                self._send(socket, self._call.tick())
        except ConnectionClosed:
            self._log.add("stream", call=self._call.sid, what="closed by the service")
        except (Moved, CallEnded):
            with suppress(ConnectionClosed):  # both sides ended it at once
                socket.send(self._writer.stop())
            raise

    def _receive(self, socket: ClientConnection) -> None:
        """Take in everything that has arrived."""
        while True:
            try:
                message = read_message(socket.recv(timeout=0), self._sid)
            except TimeoutError:
                return
            except StreamError as error:
                self._complain(error.code, str(error))
                continue
            match message:
                case Play(sound):
                    self._playout.add(sound)
                case Mark(name):
                    self._playout.mark(name)
                case Clear():
                    self._log.add("stream", call=self._call.sid, what="clear")
                    for name in self._playout.clear():
                        socket.send(self._writer.mark(name))

    def _send(self, socket: ClientConnection, moment: Moment) -> None:
        for name in moment.marks:
            socket.send(self._writer.mark(name))
        for key in moment.keys:
            socket.send(self._writer.dtmf(key))
        socket.send(self._writer.media(moment.sound))

    def _complain(self, code: int, message: str) -> None:
        """Once a stream, as Twilio does."""
        if not self._complained:
            self._log.add("error", call=self._call.sid, code=code, message=message)
        self._complained = True

# SPDX-License-Identifier: Apache-2.0
"""A small real HTTP server in Twilio's place: takes REST requests, serves media, can misbehave."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Seen:
    method: str
    path: str
    form: dict[str, str | list[str]]
    authorization: str | None


@dataclass
class Answer:
    """What to answer instead: a status and Twilio error code, or a cut connection."""

    status: int = 200
    code: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    cut: bool = False
    after_doing: bool = False


class TwilioStandIn(ThreadingHTTPServer):
    """`seen` is every request, `calls` and `texts` what was taken on, `media` what can be had."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[Seen] = []
        self.calls: dict[str, dict[str, str]] = {}
        self.texts: dict[str, dict[str, str]] = {}
        self.media: dict[str, bytes] = {}
        self.over: set[str] = set()
        self.scripts: list[tuple[str, Answer]] = []
        self.gate: Callable[[], None] = lambda: None
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def will(self, path: str, answer: Answer, *, times: int = 1) -> None:
        """Answer the next requests whose path matches `path` (a regular expression) like this."""
        self.scripts += [(path, answer)] * times

    def asked(self, method: str, path: str) -> list[Seen]:
        return [s for s in self.seen if s.method == method and re.search(path, s.path)]

    def take_script(self, path: str) -> Answer | None:
        with self.lock:
            for i, (pattern, answer) in enumerate(self.scripts):
                if re.search(pattern, path):
                    del self.scripts[i]
                    return answer
        return None


class _Handler(BaseHTTPRequestHandler):
    server: TwilioStandIn
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        return

    def do_GET(self) -> None:
        self._serve(self._get)

    def do_POST(self) -> None:
        self._serve(self._post)

    def do_DELETE(self) -> None:
        self._serve(lambda path, form: Answer(204, body=b""))

    def _serve(self, do: Callable[[str, dict[str, str]], Answer]) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        fields = parse_qs(body or parts.query)
        form: dict[str, Any] = {k: v[0] if len(v) == 1 else v for k, v in fields.items()}
        self.server.seen.append(
            Seen(self.command, parts.path, form, self.headers.get("Authorization"))
        )
        scripted = self.server.take_script(parts.path)
        if scripted is None or scripted.after_doing:
            answer = do(parts.path, form)
            scripted = scripted or answer
        self._answer(scripted)

    def _get(self, path: str, form: dict[str, str]) -> Answer:
        if "/Media/" in path:
            self.server.gate()
            data = self.server.media.get(path.rsplit("/", 1)[1])
            return _problem(404, 20404) if data is None else Answer(200, body=data)
        name = "calls" if path.endswith("/Calls.json") else "messages"
        rows = self.server.calls if name == "calls" else self.server.texts
        found = [row for row in rows.values() if row["to"] == form.get("To", row["to"])]
        return _json({name: found, "page": 0, "next_page_uri": None})

    def _post(self, path: str, form: dict[str, str]) -> Answer:
        sid = path.rsplit("/", 1)[1].removesuffix(".json")
        if sid == "Calls":
            return self._take_on(self.server.calls, "CA", form)
        if sid == "Messages":
            return self._take_on(self.server.texts, "SM", form)
        if sid in self.server.over:
            return _problem(404, 20404)
        return _json({"sid": sid})

    def _take_on(self, rows: dict[str, dict[str, str]], kind: str, form: dict[str, str]) -> Answer:
        with self.server.lock:
            sid = f"{kind}{len(rows) + 1:032x}"
            rows[sid] = {
                "sid": sid,
                "to": form["To"],
                "from": form["From"],
                "body": form.get("Body", ""),
                "date_created": formatdate(usegmt=False),
            }
        return _json(rows[sid], status=201)

    def _answer(self, answer: Answer) -> None:
        if answer.cut:
            self.close_connection = True
            return
        body = answer.body
        if body is None:
            body = json.dumps({"code": answer.code, "message": "of no concern"}).encode()
        try:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:  # whoever asked was killed meanwhile
            self.close_connection = True


def _json(data: dict[str, Any], status: int = 200) -> Answer:
    return Answer(status, body=json.dumps(data).encode())


def _problem(status: int, code: int) -> Answer:
    return Answer(status, code)

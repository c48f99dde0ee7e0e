# SPDX-License-Identifier: Apache-2.0
"""A product of a few lines, to try the dev phone on: documents by path, one media stream."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from flask import Flask, Response, request
from flask_sock import Sock
from twilio.request_validator import RequestValidator
from werkzeug.serving import make_server

from ivr.devphone.app import create_phone
from ivr.devphone.remote import RemotePhone
from ivr.devphone.settings import PhoneSettings

ACCOUNT, TOKEN, SERVICE, CALLER = "AC" + "0" * 32, "secret", "+12025550143", "+12025550117"


class TinyProduct:
    """Answers every webhook with the document set for its path; notes what it was sent."""

    def __init__(self) -> None:
        self.url = ""
        self.documents: dict[str, str] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.stream: Callable[[Any], None] = lambda socket: None
        self.app = Flask(__name__)
        self.app.add_url_rule("/<path:path>", view_func=self._webhook, methods=["GET", "POST"])
        Sock(self.app).route("/stream")(self._stream)

    def sent_to(self, path: str) -> list[dict[str, str]]:
        return [form for name, form in self.requests if name == path]

    def _webhook(self, path: str) -> Response:
        form = request.form.to_dict()
        assert self._signed(request.url, form), "a webhook came unsigned"
        self.requests.append((f"/{path}", form))
        document = self.documents.get(f"/{path}", "<Response/>").replace("$URL", self.url)
        return Response(document, content_type="text/xml")

    def _stream(self, socket: Any) -> None:
        assert self._signed(f"ws{request.url.removeprefix('http')}", {}), "a stream came unsigned"
        self.stream(socket)

    def _signed(self, url: str, form: dict[str, str]) -> bool:
        signature = request.headers.get("X-Twilio-Signature", "")
        return bool(RequestValidator(TOKEN).validate(url, form, signature))


@contextmanager
def served(app: Flask, port: int = 0) -> Iterator[str]:
    """The app on a port of 127.0.0.1; its address."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def phone_for(product: TinyProduct, **changes: Any) -> Iterator[tuple[RemotePhone, PhoneSettings]]:
    """A dev phone that talks to `product`, on a port of its own."""
    with served(Flask("placeholder")) as free:
        port = int(free.rpartition(":")[2])
    settings = PhoneSettings(
        public_url=product.url,
        twilio_account_sid=ACCOUNT,
        twilio_auth_tokens=TOKEN,
        twilio_number=SERVICE,
        devphone_port=port,
        **changes,
    )
    with served(create_phone(settings), port) as url:
        remote = RemotePhone(url)
        yield remote, settings
        remote.close()


def wait_for(phone: RemotePhone, kind: str, **data: Any) -> Any:
    """The first event of this kind with these values, waited for at most 20 seconds."""
    give_up_at, last = time.monotonic() + 20, 0
    while time.monotonic() < give_up_at:
        for event in phone.events(last, wait_s=1):
            last = event.number
            if event.kind == kind and data.items() <= event.data.items():
                return event
    raise AssertionError(f"no {kind} {data} in {[(e.kind, e.data) for e in phone.events()]}")

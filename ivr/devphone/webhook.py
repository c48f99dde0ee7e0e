# SPDX-License-Identifier: Apache-2.0
"""Requests from the provider to the product: signed forms, time-outs, one retry."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from urllib.parse import urldefrag, urlsplit

import requests

from ivr.devphone.events import EventLog
from ivr.devphone.signing import HEADER, sign

_CONNECT_S, _READ_S = 5.0, 15.0  # Twilio's defaults
_LARGEST_DOCUMENT = 64_000
_DOCUMENT_TYPES = frozenset({"text/xml", "application/xml", "text/html"})


class WebhookError(Exception):
    """The product did not answer as it must; `code` is Twilio's number for the fault."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Webhooks:
    """Posts to the product as Twilio does, and notes each exchange in the log."""

    def __init__(self, token: str, log: EventLog) -> None:
        self._token = token
        self._log = log

    def document(
        self, url: str, parameters: Mapping[str, str], *, method: str = "POST", call: str = ""
    ) -> str:
        """The TwiML that the product answers with. Raises `WebhookError`."""
        response = self.send(url, parameters, method=method, call=call)
        kind = response.headers.get("Content-Type", "").split(";")[0].strip()
        if not response.ok or response.is_redirect:
            raise WebhookError(11200, f"{_path(url)} answered {response.status_code}")
        if kind not in _DOCUMENT_TYPES:
            raise WebhookError(12300, f"{_path(url)} answered with content type {kind!r}")
        if len(response.content) > _LARGEST_DOCUMENT:
            raise WebhookError(11750, f"{_path(url)} answered with more than 64 kB")
        return response.content.decode()

    def send(
        self, url: str, parameters: Mapping[str, str], *, method: str = "POST", call: str = ""
    ) -> requests.Response:
        """Any answer. Only a failed connection is tried again, once, as by default at Twilio."""
        started = time.monotonic()
        try:
            response = self._send_twice(url, parameters, method)
        except requests.RequestException as error:
            self._log.add("webhook", call=call, path=_path(url), status=0)
            raise WebhookError(11205, f"{_path(url)}: {type(error).__name__}") from error
        took_ms = round((time.monotonic() - started) * 1000)
        self._log.add(
            "webhook", call=call, path=_path(url), status=response.status_code, ms=took_ms
        )
        return response

    def _send_twice(
        self, url: str, parameters: Mapping[str, str], method: str
    ) -> requests.Response:
        token = str(uuid.uuid4())
        try:
            return self._request(url, parameters, method, token)
        except requests.ConnectionError:
            return self._request(url, parameters, method, token)

    def _request(
        self, url: str, parameters: Mapping[str, str], method: str, token: str
    ) -> requests.Response:
        address, query, form = urldefrag(url).url, dict(parameters), None
        if method == "POST":
            query, form = {}, dict(parameters)
        prepared = requests.Request(method, address, params=query, data=form).prepare()
        signed = address if form is not None else str(prepared.url)
        prepared.headers["User-Agent"] = "TwilioProxy/1.1"
        prepared.headers["I-Twilio-Idempotency-Token"] = token
        prepared.headers[HEADER] = sign(signed, form or {}, self._token)
        with requests.Session() as session:
            session.trust_env = False
            return session.send(
                prepared, timeout=(_CONNECT_S, _READ_S), allow_redirects=False, stream=False
            )


def _path(url: str) -> str:
    return urlsplit(url).path

# SPDX-License-Identifier: Apache-2.0
"""Twilio's REST API: ring, move and end calls, text, delete what Twilio keeps.

Every failure is a `GatewayError` with a verdict. Its message never holds a telephone number, so
Twilio's own words (which do) are left out of it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import requests
from tenacity import (
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    wait_exponential_jitter,
)
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from worker.callers import bare_number
from worker.settings import Settings

logging.getLogger("twilio.http_client").setLevel(logging.WARNING)  # at INFO it prints numbers

Sleep = Callable[[float], None]
T = TypeVar("T")
Ask = Callable[[Any], T]  # is given the Twilio client, which comes without types

TRIES = 3
RING_TIMEOUT_S = 45
CLOCK_SKEW = timedelta(seconds=60)  # between Twilio's clock and ours, when looking back
TIME_LIMIT_S = 900  # Twilio ends a call that is longer
STATUS_EVENTS = ["initiated", "ringing", "answered", "completed"]
STOPPED = 21610  # the number has texted STOP to Twilio
_CALL_IS_OVER = {20404, 21220}
_NOT_TAKEN_ON = {429, 503}  # overloaded: the request was turned away before anything was done


class GatewayError(Exception):
    """Twilio refused, or could not be asked.

    `permanent`: asking again will not help. `unsure`: no answer came, so it may have been done.
    """

    def __init__(
        self, message: str, *, permanent: bool, code: int | None = None, unsure: bool = False
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.code = code
        self.unsure = unsure


class Gateway:
    """One account's calls and texts. What may be repeated is retried; the rest is reported."""

    def __init__(self, settings: Settings, *, sleep: Sleep = time.sleep) -> None:
        self._settings = settings
        self._sleep = sleep
        self._client: Client | None = None

    def place_call(self, number: str, *, answer_url: str, status_url: str) -> str:
        """Ring `number`; the call's sid. Not repeated once Twilio may have taken it on."""
        call = self._ask(
            lambda client: client.calls.create(
                to=number,
                from_=self._settings.twilio_number,
                url=answer_url,
                status_callback=status_url,
                status_callback_event=STATUS_EVENTS,
                timeout=RING_TIMEOUT_S,
                time_limit=TIME_LIMIT_S,
            ),
            repeatable=False,
        )
        return str(call.sid)

    def find_call(self, number: str, *, since: datetime, known: frozenset[str]) -> str | None:
        """The sid of a call to `number` made after `since` (UTC) that is not in `known`."""
        calls = self._ask(
            lambda client: client.calls.list(
                to=number, from_=self._settings.twilio_number, limit=20
            )
        )
        ours = (call for call in calls if _is_after(call.date_created, since))
        return next((str(call.sid) for call in ours if call.sid not in known), None)

    def move_call(self, sid: str, url: str) -> bool:
        """Have a live call fetch its next words from `url`; False when the call is over."""
        return self._while_live(lambda client: client.calls(sid).update(url=url, method="POST"))

    def hang_up(self, sid: str) -> bool:
        """End a call; False when it is over already."""
        return self._while_live(lambda client: client.calls(sid).update(status="completed"))

    def send_text(self, address: str, body: str) -> str:
        """Text `body`; the message's sid. Not repeated once Twilio may have taken it on."""
        message = self._ask(
            lambda client: client.messages.create(
                to=address, from_=self._sender_for(address), body=body
            ),
            repeatable=False,
        )
        return str(message.sid)

    def find_text(self, address: str, body: str, *, since: datetime) -> str | None:
        """The sid of a text with this body to `address`, sent after `since` (UTC)."""
        sent = self._ask(
            lambda client: client.messages.list(
                to=address, from_=self._sender_for(address), limit=20
            )
        )
        same = (text for text in sent if text.body == body)
        return next((str(t.sid) for t in same if _is_after(t.date_created, since)), None)

    def delete_message(self, message_sid: str, media_sids: list[str]) -> None:
        """Delete Twilio's copy of a message and its media; gone already is fine."""
        for media_sid in media_sids:
            self._delete(partial(_medium, message_sid, media_sid))
        self._delete(lambda client: client.messages(message_sid))

    def close(self) -> None:
        if self._client is not None:
            self._client.http_client.session.close()
            self._client = None

    def _sender_for(self, address: str) -> str:
        channel = address.removesuffix(bare_number(address))  # "" or "whatsapp:"
        return channel + self._settings.twilio_number

    def _while_live(self, request: Ask[object]) -> bool:
        try:
            self._ask(request)
        except GatewayError as error:
            if error.code in _CALL_IS_OVER:
                return False
            raise
        return True

    def _delete(self, resource: Ask[Any]) -> None:
        try:
            self._ask(lambda client: resource(client).delete())
        except GatewayError as error:
            if error.code != 20404:
                raise

    def _ask(self, request: Ask[T], *, repeatable: bool = True) -> T:
        def again(error: BaseException) -> bool:
            return (
                isinstance(error, GatewayError)
                and not error.permanent
                and (repeatable or not error.unsure)
            )

        retrying = Retrying(
            retry=retry_if_exception(again),
            stop=stop_after_attempt(TRIES),
            wait=wait_exponential_jitter(multiplier=0.3, max=2, jitter=0.3),
            sleep=self._sleep,
            reraise=True,
        )
        answer: T = retrying(self._ask_once, request)
        return answer

    def _ask_once(self, request: Ask[T]) -> T:
        try:
            return request(self._open())
        except TwilioRestException as error:
            raise _refused(error) from None
        except requests.RequestException as error:
            raise _unanswered(error) from None

    def _open(self) -> Client:
        if self._client is None:
            self._client = _client(self._settings)
        return self._client


class _RedirectedHttpClient(TwilioHttpClient):  # type: ignore[misc]  # comes without types
    """Twilio's HTTP client with a time-out, and with another base URL than Twilio's own."""

    def __init__(self, base_url: str, timeout_s: float) -> None:
        super().__init__(timeout=timeout_s)
        self._base = urlsplit(base_url)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        path = self._base.path.rstrip("/") + urlsplit(url).path
        moved = urlsplit(url)._replace(
            scheme=self._base.scheme, netloc=self._base.netloc, path=path
        )
        return super().request(method, urlunsplit(moved), *args, **kwargs)


def rest_credentials(settings: Settings) -> tuple[str, str]:
    """User and password for Twilio's REST API: an API key, else the account and its token."""
    if settings.twilio_api_key:
        return settings.twilio_api_key, settings.twilio_api_secret.get_secret_value()
    return settings.twilio_account_sid, settings.twilio_auth_tokens.partition(",")[0].strip()


def _client(settings: Settings) -> Client:
    user, password = rest_credentials(settings)
    if not (user and password and settings.twilio_account_sid):
        raise GatewayError(
            "No Twilio account: set SONSORI_TWILIO_ACCOUNT_SID and SONSORI_TWILIO_AUTH_TOKENS.",
            permanent=False,
        )
    http_client = _RedirectedHttpClient(settings.twilio_api_url, settings.rest_timeout_s)
    return Client(user, password, settings.twilio_account_sid, http_client=http_client)


def _refused(error: TwilioRestException) -> GatewayError:
    transient = error.status == 429 or error.status >= 500
    return GatewayError(
        f"Twilio refused {error.method} (HTTP {error.status}, code {error.code}).",
        permanent=not transient,
        code=error.code,
        unsure=transient and error.status not in _NOT_TAKEN_ON,
    )


def _unanswered(error: requests.RequestException) -> GatewayError:
    return GatewayError(
        f"Twilio could not be asked ({type(error).__name__}).",
        permanent=False,
        unsure=not _never_connected(error),
    )


def _never_connected(error: requests.RequestException) -> bool:
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(
        cause.reason, NewConnectionError | ConnectTimeoutError
    )


def _medium(message_sid: str, media_sid: str, client: Any) -> Any:
    return client.messages(message_sid).media(media_sid)


def _is_after(moment: datetime | None, since: datetime) -> bool:
    return moment is not None and moment.astimezone(UTC).replace(tzinfo=None) >= since

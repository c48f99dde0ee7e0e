# SPDX-License-Identifier: Apache-2.0
"""Fetching a photo from the provider, by rules that keep credentials and requests at home.

The address is built from the message's and the medium's ids, never taken from a webhook. Each
redirect is followed by hand: only to listed hosts, and with credentials only to the API's own.

    MediaError              the medium could not be had
    ├── MediaLost           and never will be: the caller has to send it again
    ├── MediaTooLarge       it is larger than `photo_max_bytes`
    └── MediaUnavailable    for now: try again later
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_chain, wait_fixed

from worker.gateway import rest_credentials
from worker.settings import Settings

Sleep = Callable[[float], None]

# A medium may be "not found" for some seconds after its message was announced.
NOT_FOUND_WAITS_S = (0.5, 1.0, 2.0, 3.0)
MAX_REDIRECTS = 3
_CHUNK_BYTES = 65_536
_MESSAGE_SID = re.compile(r"(SM|MM)[0-9a-f]{32}")
_MEDIA_SID = re.compile(r"ME[0-9a-f]{32}")


class MediaError(Exception):
    """A medium could not be had. Messages hold no numbers and no signed addresses."""


class MediaLost(MediaError):
    pass


class MediaTooLarge(MediaError):
    pass


class MediaUnavailable(MediaError):
    pass


class _NotFound(MediaError):
    pass


def media_address(settings: Settings, message_sid: str, media_sid: str) -> str:
    """Where the provider keeps a medium; raises MediaLost for ids it cannot have given out."""
    if not (_MESSAGE_SID.fullmatch(message_sid) and _MEDIA_SID.fullmatch(media_sid)):
        raise MediaLost("The message names a medium by an id that is not Twilio's.")
    return (
        f"{settings.twilio_api_url.rstrip('/')}/2010-04-01/Accounts/{settings.twilio_account_sid}"
        f"/Messages/{message_sid}/Media/{media_sid}"
    )


def fetch(
    settings: Settings, message_sid: str, media_sid: str, *, sleep: Sleep = time.sleep
) -> bytes:
    """The medium's bytes, at most `photo_max_bytes` of them; raises MediaError."""
    url = media_address(settings, message_sid, media_sid)
    retrying = Retrying(
        retry=retry_if_exception_type((_NotFound, MediaUnavailable)),
        stop=stop_after_attempt(len(NOT_FOUND_WAITS_S) + 1),
        wait=wait_chain(*(wait_fixed(s) for s in NOT_FOUND_WAITS_S)),
        sleep=sleep,
        reraise=True,
    )
    try:
        return retrying(_fetch_once, settings, url)
    except _NotFound:
        raise MediaLost("The provider does not have the medium.") from None


def _fetch_once(settings: Settings, url: str) -> bytes:
    deadline = time.monotonic() + settings.rest_timeout_s
    try:
        with requests.Session() as session:
            for _ in range(MAX_REDIRECTS + 1):
                with _get(session, settings, url) as response:
                    if not response.is_redirect:
                        _check_status(response.status_code)
                        return _body(response, settings.photo_max_bytes, deadline)
                    url = urljoin(url, response.headers["Location"])
    except requests.RequestException as error:
        raise MediaUnavailable(f"The download failed ({type(error).__name__}).") from None
    raise MediaLost(f"The medium is more than {MAX_REDIRECTS} redirects away.")


def _get(session: requests.Session, settings: Settings, url: str) -> requests.Response:
    target, api = urlsplit(url), urlsplit(settings.twilio_api_url)
    at_home = _origin(target) == _origin(api)
    if not at_home:
        _check_host(settings, target, api.scheme)
    return session.get(
        url,
        auth=rest_credentials(settings) if at_home else _no_credentials,
        headers={"Accept-Encoding": "identity"},
        allow_redirects=False,
        stream=True,
        timeout=settings.rest_timeout_s,
    )


def _no_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Stands where `auth` would be, so that `requests` does not look into a .netrc instead."""
    return request


def _check_host(settings: Settings, target: SplitResult, api_scheme: str) -> None:
    """Plain http is for a provider that is itself configured over http: a developer's machine."""
    allowed = {host.strip().lower() for host in settings.media_hosts.split(",") if host.strip()}
    schemes = {"https", api_scheme}
    if target.scheme not in schemes or target.netloc.lower() not in allowed:
        raise MediaLost(f"The medium was redirected to {target.hostname}, which is not allowed.")


def _origin(url: SplitResult) -> tuple[str, str]:
    return url.scheme, url.netloc.lower()


def _check_status(status: int) -> None:
    if status == 404:
        raise _NotFound("The provider does not have the medium (yet).")
    if status == 410:
        raise MediaLost("The provider has deleted the medium.")
    if status != 200:
        raise MediaUnavailable(f"The provider answered HTTP {status} for a medium.")


def _body(response: requests.Response, max_bytes: int, deadline: float) -> bytes:
    data = bytearray()
    for chunk in response.iter_content(_CHUNK_BYTES):
        data += chunk
        if len(data) > max_bytes:
            raise MediaTooLarge(f"The medium is larger than {max_bytes} bytes.")
        if time.monotonic() > deadline:
            raise MediaUnavailable("The medium trickles in too slowly.")
    return bytes(data)

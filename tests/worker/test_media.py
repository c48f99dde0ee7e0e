# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import base64
import threading
from collections.abc import Iterator

import pytest
from ledger import MEDIA_SID, message_sid
from twilio_stand_in import Answer, TwilioStandIn

from worker import Settings
from worker.media import (
    NOT_FOUND_WAITS_S,
    MediaLost,
    MediaTooLarge,
    MediaUnavailable,
    fetch,
    media_address,
)

MESSAGE_SID = message_sid(1)


@pytest.fixture
def settings(settings: Settings, twilio: TwilioStandIn) -> Settings:
    return settings.model_copy(update={"twilio_api_url": twilio.url, "photo_max_bytes": 1000})


@pytest.fixture
def elsewhere() -> Iterator[TwilioStandIn]:
    """Another host than the API's: a different port is one."""
    with TwilioStandIn() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def get(settings: Settings, waits: list[float] | None = None) -> bytes:
    sleep = (lambda seconds: None) if waits is None else waits.append
    return fetch(settings, MESSAGE_SID, MEDIA_SID, sleep=sleep)


def redirect_to(url: str, status: int = 307) -> Answer:
    return Answer(status, headers={"Location": url})


def test_the_address_is_built_from_ids_and_asked_for_with_credentials(
    settings: Settings, twilio: TwilioStandIn
) -> None:
    twilio.media[MEDIA_SID] = b"a photo"
    assert get(settings) == b"a photo"
    [seen] = twilio.seen
    account = settings.twilio_account_sid
    assert seen.path == f"/2010-04-01/Accounts/{account}/Messages/{MESSAGE_SID}/Media/{MEDIA_SID}"
    expected = base64.b64encode(f"{account}:{settings.twilio_auth_tokens}".encode()).decode()
    assert seen.authorization == f"Basic {expected}"


@pytest.mark.parametrize(
    ("message_sid", "media_sid"),
    [
        ("../../Calls", MEDIA_SID),
        (MESSAGE_SID, "ME1/../../../Keys"),
        (MESSAGE_SID, MEDIA_SID + "?x="),
        (MESSAGE_SID, ""),
        (MESSAGE_SID + "\n", MEDIA_SID),
    ],
)
def test_ids_that_are_not_the_providers_are_refused(
    settings: Settings, message_sid: str, media_sid: str
) -> None:
    with pytest.raises(MediaLost, match="not Twilio's"):
        media_address(settings, message_sid, media_sid)


def test_credentials_do_not_leave_the_api_host(
    settings: Settings, twilio: TwilioStandIn, elsewhere: TwilioStandIn
) -> None:
    twilio.will("Media", redirect_to(f"{elsewhere.url}/x/Media/{MEDIA_SID}"))
    elsewhere.media[MEDIA_SID] = b"a photo"
    hosts = settings.model_copy(update={"media_hosts": elsewhere.url.removeprefix("http://")})
    assert get(hosts) == b"a photo"
    assert [seen.authorization for seen in elsewhere.seen] == [None]


def test_a_host_that_is_not_listed_is_never_asked(
    settings: Settings, twilio: TwilioStandIn, elsewhere: TwilioStandIn
) -> None:
    twilio.will("Media", redirect_to(f"{elsewhere.url}/x/Media/{MEDIA_SID}"))
    with pytest.raises(MediaLost, match="not allowed"):
        get(settings)
    assert elsewhere.seen == []


@pytest.mark.parametrize(
    "url",
    [
        "http://mms.twiliocdn.com/x",
        "ftp://mms.twiliocdn.com/x",
        "https://mms.twiliocdn.com.evil.example/x",
        "https://mms.twiliocdn.com@evil.example/x",
        "https://user:word@mms.twiliocdn.com/x",
        "https://mms.twiliocdn.com:8443/x",
        "https://169.254.169.254/latest",
        "file:///etc/passwd",
    ],
)
def test_only_https_to_exactly_a_listed_host_is_followed(
    settings: Settings, twilio: TwilioStandIn, url: str
) -> None:
    """The check itself, as it is for the real provider, whose API is asked over https."""
    from urllib.parse import urlsplit

    from worker.media import _check_host

    live = settings.model_copy(update={"media_hosts": "mms.twiliocdn.com"})
    with pytest.raises(MediaLost):
        _check_host(live, urlsplit(url), "https")


def test_a_fourth_redirect_is_not_followed(settings: Settings, twilio: TwilioStandIn) -> None:
    twilio.will("Media", redirect_to("/round/Media/again"), times=9)
    with pytest.raises(MediaLost, match="redirects"):
        get(settings)
    assert len(twilio.seen) == 4


def test_a_photo_that_is_not_there_yet_is_asked_for_again(
    settings: Settings, twilio: TwilioStandIn
) -> None:
    twilio.media[MEDIA_SID] = b"a photo"
    twilio.will("Media", Answer(404, 20404), times=2)
    waits: list[float] = []
    assert get(settings, waits) == b"a photo"
    assert waits == [0.5, 1.0]


def test_a_photo_that_never_appears_is_lost(settings: Settings, twilio: TwilioStandIn) -> None:
    waits: list[float] = []
    with pytest.raises(MediaLost):
        get(settings, waits)
    assert tuple(waits) == NOT_FOUND_WAITS_S


def test_a_photo_larger_than_allowed_is_not_downloaded_to_its_end(
    settings: Settings, twilio: TwilioStandIn
) -> None:
    twilio.media[MEDIA_SID] = b"x" * 1001
    with pytest.raises(MediaTooLarge):
        get(settings)


def test_a_photo_as_large_as_allowed_is_had(settings: Settings, twilio: TwilioStandIn) -> None:
    twilio.media[MEDIA_SID] = b"x" * 1000
    assert len(get(settings)) == 1000


@pytest.mark.parametrize("trouble", [Answer(500), Answer(429), Answer(401), Answer(cut=True)])
def test_a_provider_in_trouble_is_asked_again_and_then_left_for_later(
    settings: Settings, twilio: TwilioStandIn, trouble: Answer
) -> None:
    twilio.will("Media", trouble, times=9)
    with pytest.raises(MediaUnavailable):
        get(settings)
    assert len(twilio.seen) == len(NOT_FOUND_WAITS_S) + 1


def test_a_provider_that_does_not_answer_is_given_up_on(
    settings: Settings, twilio: TwilioStandIn
) -> None:
    never = threading.Event()
    twilio.gate = lambda: never.wait(20) and None
    impatient = settings.model_copy(update={"rest_timeout_s": 0.1})
    with pytest.raises(MediaUnavailable):
        get(impatient)
    never.set()


def test_a_deleted_photo_is_lost_at_once(settings: Settings, twilio: TwilioStandIn) -> None:
    twilio.will("Media", Answer(410))
    with pytest.raises(MediaLost):
        get(settings)
    assert len(twilio.seen) == 1

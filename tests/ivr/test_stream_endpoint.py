# SPDX-License-Identifier: Apache-2.0
"""The real endpoint under gunicorn, called by an independent Media Streams client (streamdouble).

It knows nothing of Twilio's signature, so the header is added here; it drops marks on `clear`
where Twilio's pages say they come back.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
import websockets
from sample_readings import reading
from streamdouble import api
from streamdouble import session as simulator
from streamdouble.chaos import Impairments
from streamdouble.scenario import Dtmf, Hangup, Say, Scenario, Step, Wait, WaitFor
from streamdouble.session import SessionConfig
from twilio.request_validator import RequestValidator
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from ivr import tokens
from ivr.audio import band_pass, decode, encode
from ivr.voice import CALLER_VOICES, EspeakEngine
from worker import Inbound, Settings, Store, calls, inbox, open_store, upgrade
from worker.readings import read_photo
from worker.records import Confirmation, Photo, Turn

TOKEN = "token-of-nobody"
NUMBER = "+821012345678"
Service = tuple[str, Store]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """(base URL, store) of a web process that has just what a call needs and can hear."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("var"),
        redis_url="redis://127.0.0.1:1/0",
        public_url=f"http://127.0.0.1:{port}",
        twilio_auth_tokens=TOKEN,
    )
    upgrade(settings)
    store = open_store(settings)
    log = settings.data_dir / "web.log"
    process = start(settings, port, log)
    try:
        wait_for("hearing_ready", log, process)
        yield settings.public_url, store
    finally:
        process.terminate()
        process.wait()
        store.close()


@pytest.fixture(scope="module")
def sayings() -> list[list[bytes]]:
    """A caller's "네", eight times, each as 20 ms frames."""
    engine = EspeakEngine(CALLER_VOICES)
    sounds = [encode(band_pass(decode(engine.speak("네", "ko")), 300, 3400)) for _ in range(8)]
    engine.close()
    return [[s[i : i + 160] for i in range(0, len(s) - 159, 160)] for s in sounds]


def start(settings: Settings, port: int, log: Path) -> subprocess.Popen[bytes]:
    environment = {
        "SONSORI_DATA_DIR": str(settings.data_dir),
        "SONSORI_REDIS_URL": settings.redis_url,
        "SONSORI_PUBLIC_URL": settings.public_url,
        "SONSORI_TWILIO_AUTH_TOKENS": TOKEN,
    }
    gunicorn = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "ivr.wsgi"]
    options = ["--worker-class", "gthread", "--threads", "8", "--graceful-timeout", "1"]
    with log.open("wb") as file:
        return subprocess.Popen(
            gunicorn + options, env={**os.environ, **environment}, stdout=file, stderr=file
        )


def wait_for(words: str, log: Path, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + 120
    while words not in log.read_text():
        assert process.poll() is None and time.monotonic() < give_up, log.read_text()
        time.sleep(0.05)


@pytest.fixture
def url(service: Service, monkeypatch: pytest.MonkeyPatch) -> str:
    """The endpoint, with a client that signs."""
    address = service[0].replace("http", "ws") + "/voice/stream"
    signature = RequestValidator(TOKEN).compute_signature(address, {})
    header = {"X-Twilio-Signature": signature}
    signing = partial(websockets.connect, additional_headers=header)
    monkeypatch.setattr(simulator.websockets, "connect", signing)
    return address


def ring_in(store: Store, sid: str) -> dict[str, str]:
    """A caller whose photo says 482915 rings; the stream's parameters."""
    photo = "ME" + sid[2:]
    inbox.receive(store, Inbound("MM" + sid[2:], NUMBER, "mms", (photo,), "ko"))
    with store.session() as session:
        newest = session.query(Photo.id).order_by(Photo.id.desc()).limit(1).scalar()
    read_photo(
        store, newest, fetch=lambda message, media: b"a photo", read=lambda _: reading("482915")
    )
    call = calls.start_inbound(store, sid, NUMBER, "ko")
    return {"call": str(call.id), "token": tokens.issue(store, call.id)}


def play(url: str, parameters: dict[str, str], *steps: Step) -> api.CallReport:
    config = SessionConfig(custom_parameters=parameters, quiet_period_s=0.2, max_drain_s=20)
    return api.run_scenario_sync(url, Scenario("a call", list(steps)), config=config)


def heard_yes(store: Store, call_id: str) -> bool:
    with store.session() as session:
        turns = session.query(Turn).filter_by(call_id=int(call_id), kind="heard")
        return any(turn.data["meaning"] == "yes" for turn in turns)


def labels(store: Store, call_id: str) -> list[tuple[str, str]]:
    with store.session() as session:
        kept = session.query(Confirmation).filter_by(call_id=int(call_id))
        return [(str(row.label), row.heard_by) for row in kept]


def test_keys_cut_the_voice_short_and_lead_to_a_label(service: Service, url: str) -> None:
    parameters = ring_in(service[1], "CA" + "1" * 32)
    keys: list[Step] = [step for key in "1122" for step in (Dtmf(key), Wait(1.6))]
    report = play(url, parameters, WaitFor("audio"), Wait(0.6), *keys, Wait(6.0))
    assert (report.exit_code, report.violations) == (0, [])
    assert report.result.clears_received >= 3
    assert report.result.closed_by == "agent"
    assert labels(service[1], parameters["call"]) != []


def test_a_yes_is_heard_over_the_wire(
    service: Service, url: str, sayings: list[list[bytes]]
) -> None:
    """Said again and again: what comes before a question has been asked does not count."""
    parameters = ring_in(service[1], "CA" + "2" * 32)
    yes: list[Step] = [step for said in sayings for step in (Say(Path("-"), said), Wait(2.0))]
    report = play(url, parameters, WaitFor("audio"), *yes, Hangup())
    assert report.violations == []
    assert heard_yes(service[1], parameters["call"])


def test_a_bad_network_breaks_nothing(service: Service, url: str) -> None:
    parameters = ring_in(service[1], "CA" + "3" * 32)
    network = Impairments(loss=0.05, jitter_ms=40)
    config = SessionConfig(custom_parameters=parameters, impairments=network, quiet_period_s=0.2)
    steps: list[Step] = [WaitFor("audio"), Wait(1.0), Dtmf("2"), Wait(1.0)]
    report = api.run_scenario_sync(url, Scenario("a bad network", steps), config=config)
    assert (report.exit_code, report.violations) == (0, [])


def test_a_token_opens_one_stream_only(service: Service, url: str) -> None:
    parameters = ring_in(service[1], "CA" + "4" * 32)
    assert play(url, parameters, WaitFor("audio"), Hangup()).result.audio_received
    assert play(url, parameters, Wait(0.5)).result.closed_before_audio


@pytest.mark.parametrize("call", ["", "x", "9" * 18, "9" * 40, "-1", "²"])
def test_a_stream_of_no_call_hears_nothing(service: Service, url: str, call: str) -> None:
    assert play(url, {"call": call, "token": "t"}, Wait(0.5)).result.closed_before_audio


@pytest.mark.parametrize("signature", [None, "", "forged"])
def test_whoever_does_not_sign_is_refused_before_anything_is_accepted(
    service: Service, signature: str | None
) -> None:
    address = service[0].replace("http", "ws") + "/voice/stream"
    header = {} if signature is None else {"X-Twilio-Signature": signature}
    with pytest.raises(InvalidStatus) as refused:
        connect(address, additional_headers=header)
    assert refused.value.response.status_code == 403


def test_a_signature_over_the_address_with_a_slash_is_twilios_too(service: Service) -> None:
    address = service[0].replace("http", "ws") + "/voice/stream"
    signature = RequestValidator(TOKEN).compute_signature(address + "/", {})
    with connect(address, additional_headers={"X-Twilio-Signature": signature}) as socket:
        socket.send("no message")
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=10)

# SPDX-License-Identifier: Apache-2.0
"""A real web process under gunicorn, and a caller by streamdouble who signs as Twilio does."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sample_readings import reading
from streamdouble import api
from streamdouble.scenario import Say, Scenario, Step
from streamdouble.session import SessionConfig

from ivr import tokens
from ivr.audio import band_pass, decode, encode
from ivr.voice import EspeakEngine, EspeakVoice
from tests.processes import wait_until
from worker import Inbound, Settings, Store, calls, inbox, open_store, upgrade
from worker.readings import read_photo
from worker.records import Confirmation, Photo, Turn

TOKEN = "token-of-nobody"
NUMBER = "+821012345678"
Service = tuple[str, Store]


@contextmanager
def running(data_dir: Path) -> Iterator[Service]:
    """(base URL, store) of a web process that has just what a call needs and can hear."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = Settings(
        data_dir=data_dir,
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
    def is_told() -> bool:
        told = log.read_text()
        assert words in told or process.poll() is None, told
        return words in told

    wait_until(is_told, log.read_text, patience_s=120)


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


def sayings(text: str, voice: EspeakVoice, count: int) -> list[Step]:
    """A caller's word over a phone line; no two sayings are the same: the voice breathes."""
    engine = EspeakEngine({"ko": voice})
    sounds = [encode(band_pass(decode(engine.speak(text, "ko")), 300, 3400)) for _ in range(count)]
    engine.close()
    frames = ([s[i : i + 160] for i in range(0, len(s) - 159, 160)] for s in sounds)
    return [Say(Path("-"), spoken) for spoken in frames]


def play(url: str, parameters: dict[str, str], *steps: Step, **config: object) -> api.CallReport:
    given = {"custom_parameters": parameters, "quiet_period_s": 0.2, "max_drain_s": 20} | config
    scenario = Scenario("a call", list(steps))
    return api.run_scenario_sync(url, scenario, config=SessionConfig(**given))  # type: ignore[arg-type]


def turns(store: Store, call_id: str, kind: str) -> list[dict[str, object]]:
    """What was noted of a call."""
    with store.session() as session:
        found = session.query(Turn).filter_by(call_id=int(call_id), kind=kind)
        return [dict(turn.data) for turn in found.order_by(Turn.id)]


def labels(store: Store, call_id: str) -> list[tuple[str, str]]:
    with store.session() as session:
        kept = session.query(Confirmation).filter_by(call_id=int(call_id))
        return [(str(row.label), row.heard_by) for row in kept]

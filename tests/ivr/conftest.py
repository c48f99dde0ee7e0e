# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import structlog
import websockets
from real_service import TOKEN, Service, running
from signed_phone import SignedPhone
from streamdouble import session as simulator
from twilio.request_validator import RequestValidator
from web_settings import settings_in

from ivr.app import create_app
from ivr.settings import Settings
from worker import Store, open_store, upgrade


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an empty database."""
    folder = tmp_path_factory.mktemp("data")
    upgrade(settings_in(folder))
    return folder


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    """Tracebacks without the values of variables, as in production."""
    plain = [structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()]
    structlog.configure(processors=plain)
    yield
    structlog.reset_defaults()


@pytest.fixture
def settings(migrated: Path, tmp_path: Path) -> Settings:
    shutil.copytree(migrated, tmp_path, dirs_exist_ok=True)
    return settings_in(tmp_path)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings)
    yield opened
    opened.close()


@pytest.fixture
def phone(settings: Settings, store: Store) -> SignedPhone:
    """Twilio's side of the webhooks."""
    return SignedPhone(create_app(settings, store))


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """(base URL, store) of a real web process."""
    with running(tmp_path_factory.mktemp("service")) as started:
        yield started


@pytest.fixture
def url(service: Service, monkeypatch: pytest.MonkeyPatch) -> str:
    """The stream's address, with a streamdouble that signs."""
    address = service[0].replace("http", "ws") + "/voice/stream"
    signature = RequestValidator(TOKEN).compute_signature(address, {})
    header = {"X-Twilio-Signature": signature}
    signing = partial(websockets.connect, additional_headers=header)
    monkeypatch.setattr(simulator.websockets, "connect", signing)
    return address

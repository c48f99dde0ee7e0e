# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from ledger import LedgerStore, ledger_over
from twilio_stand_in import TwilioStandIn

from worker import Settings, open_store, upgrade
from worker.gateway import Gateway


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The migrations, run once for all tests that only need their result."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("empty"))
    upgrade(settings)
    return settings.data_dir / "sonsori.db"


@pytest.fixture
def store(settings: Settings, empty_database: Path) -> Iterator[LedgerStore]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    shutil.copy(empty_database, settings.data_dir)
    opened = open_store(settings)
    yield ledger_over(opened)
    opened.close()


@pytest.fixture
def twilio() -> Iterator[TwilioStandIn]:
    with TwilioStandIn() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def gateway(settings: Settings, twilio: TwilioStandIn) -> Iterator[Gateway]:
    """A real gateway that asks the stand-in, and does not wait between tries."""
    opened = Gateway(
        settings.model_copy(update={"twilio_api_url": twilio.url}), sleep=lambda seconds: None
    )
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def photo() -> bytes:
    """Three digits on paper, as PNG."""
    paper = np.full((120, 260, 3), 235, np.uint8)
    cv2.putText(paper, "482", (20, 90), cv2.FONT_HERSHEY_SIMPLEX, 3, (40, 30, 30), 6)
    return cv2.imencode(".png", paper)[1].tobytes()

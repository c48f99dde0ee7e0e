# SPDX-License-Identifier: Apache-2.0
"""One running stack for all end-to-end tests: real processes, a dev phone, no network.

Status callbacks come out of order and twice: that must never matter.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from ivr.catalogue import languages
from ivr.cli.call import SAMPLES
from ivr.devphone.remote import RemotePhone
from ivr.stack import Stack, make_plan, running, with_nobody_chosen
from tests.e2e.person import Person
from worker.store import Store, open_store

SAMPLE = SAMPLES / "482915.jpg"
API_KEY, OPS_TOKEN = "k" * 24, "t" * 24


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ.keys() - _environment().keys():
            patch.delenv(name)
        plan = make_plan(tmp_path_factory.mktemp("stack"), devphone=True)
        plan = with_nobody_chosen(plan)
    environment = {**plan.environment, "SONSORI_DEVPHONE_DISORDER": "1"}
    environment |= {"SONSORI_API_KEYS": f"helper:{API_KEY}", "SONSORI_OPS_TOKEN": OPS_TOKEN}
    with running(replace(plan, environment=environment)) as stack:
        yield stack


@pytest.fixture(scope="session")
def store(stack: Stack) -> Iterator[Store]:
    store = open_store(stack.settings)
    yield store
    store.close()


@pytest.fixture(scope="session")
def phone(stack: Stack) -> Iterator[RemotePhone]:
    assert stack.plan.phone_url is not None
    phone = RemotePhone(stack.plan.phone_url)
    yield phone
    phone.close()


@dataclass(frozen=True, slots=True)
class Command:
    """What `sonsori call` came to."""

    status: int
    transcript: dict[str, Any]
    folder: Path


@pytest.fixture(scope="session", autouse=True)
def spoken_calls(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Future[Command]]]:
    """The command by voice, by language: it takes as long as people speak, so the other tests
    run beside."""
    with ThreadPoolExecutor(1) as beside:
        yield {
            language: beside.submit(_call, language, tmp_path_factory.mktemp("call"))
            for language in languages()
        }


def _call(language: str, folder: Path) -> Command:
    sonsori = Path(sys.executable).with_name("sonsori")
    ended = subprocess.run(
        [sonsori, "call", "--language", language, "--json", "--save", folder / "saved"],
        env=_environment() | {"SONSORI_DATA_DIR": str(folder / "var")},
        stdout=subprocess.PIPE,
        text=True,
        timeout=240,
    )
    return Command(ended.returncode, json.loads(ended.stdout), folder)


def _environment() -> dict[str, str]:
    """Without a developer's own settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SONSORI_")}


_tails = count(120)


@pytest.fixture
def korean(phone: RemotePhone, store: Store) -> Iterator[Person]:
    yield from _person(phone, store, f"+82100000{next(_tails):04}", "ko")


@pytest.fixture
def english(phone: RemotePhone, store: Store) -> Iterator[Person]:
    yield from _person(phone, store, f"+120255501{next(_tails) % 100:02}", "en")


def _person(phone: RemotePhone, store: Store, number: str, language: str) -> Iterator[Person]:
    person = Person(phone, store, number, language)
    yield person
    person.leave()

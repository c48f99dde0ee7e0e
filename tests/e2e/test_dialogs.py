# SPDX-License-Identifier: Apache-2.0
"""Every call of `tests/dialogs/`, several at a time, through every process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from ivr.devphone.remote import RemotePhone
from ivr.rehearsal import Performance, perform, read_dialog
from ivr.stack import Stack
from tests.e2e.photos import photo
from worker.store import Store

DIALOGS = sorted((Path(__file__).parents[1] / "dialogs").glob("*.toml"))
AT_ONCE = 8
# 010-0000-xxxx and 555-01xx are given to nobody.
NUMBERS: Mapping[str, str] = {"ko": "+82100000{:04}", "en": "+131255501{:02}"}


@pytest.fixture(scope="session")
def performances(
    request: pytest.FixtureRequest,
    stack: Stack,
    store: Store,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Mapping[Path, Future[Performance]]]:
    """All that were chosen, begun together."""
    chosen = [
        item.callspec.params["path"]
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.function is test_a_call_goes_as_written
    ]
    folder = tmp_path_factory.mktemp("photos")
    with ThreadPoolExecutor(AT_ONCE) as stage:
        slowest_first = sorted(chosen, key=_slowness, reverse=True)
        yield {path: stage.submit(_perform, path, stack, store, folder) for path in slowest_first}


def _slowness(path: Path) -> int:
    """Speech and silence take their time, keys next to none."""
    dialog = read_dialog(path)
    silent = sum(2 for turn in dialog.turn if turn.is_silent)
    return silent + sum(1 for turn in dialog.turn if turn.says or (dialog.patient and turn.presses))


def _perform(path: Path, stack: Stack, store: Store, folder: Path) -> Performance:
    dialog = read_dialog(path)
    number = NUMBERS[dialog.language].format(DIALOGS.index(path))
    assert stack.plan.phone_url is not None
    phone = RemotePhone(stack.plan.phone_url)
    try:
        return perform(dialog, phone, store, number, lambda name: photo(name, folder))
    finally:
        phone.close()


@pytest.mark.parametrize("path", DIALOGS, ids=lambda path: path.stem)
def test_a_call_goes_as_written(
    path: Path, performances: Mapping[Path, Future[Performance]]
) -> None:
    performance = performances[path].result()
    if performance.left:
        pytest.fail(f"{read_dialog(path).story}\n{performance.as_text()}", pytrace=False)

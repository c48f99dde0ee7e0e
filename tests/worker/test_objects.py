# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path

import fsspec
import pytest
from cryptography.fernet import Fernet, InvalidToken

from worker import Settings
from worker.crypto import Keyring
from worker.objects import Objects, open_objects


@pytest.fixture
def keyring() -> Keyring:
    return Keyring.of(Fernet.generate_key().decode())


def files(settings: Settings) -> list[Path]:
    return [path for path in Path(settings.objects()).rglob("*") if path.is_file()]


def test_a_photo_comes_back_as_it_was_put(settings: Settings, keyring: Keyring) -> None:
    objects = open_objects(settings, keyring)
    objects.put("photos/1", b"digits")
    assert objects.get("photos/1") == b"digits"


def test_a_photo_does_not_lie_readable_on_the_disk(settings: Settings, keyring: Keyring) -> None:
    open_objects(settings, keyring).put("photos/1", b"digits")
    [path] = files(settings)
    assert b"digits" not in path.read_bytes()


def test_putting_again_replaces(settings: Settings, keyring: Keyring) -> None:
    objects = open_objects(settings, keyring)
    objects.put("photos/1", b"half")
    objects.put("photos/1", b"whole")
    assert objects.get("photos/1") == b"whole"
    assert len(files(settings)) == 1


def test_deleting_twice_is_fine(settings: Settings, keyring: Keyring) -> None:
    objects = open_objects(settings, keyring)
    objects.put("photos/1", b"digits")
    objects.delete("photos/1")
    objects.delete("photos/1")
    with pytest.raises(FileNotFoundError):
        objects.get("photos/1")


def test_a_photo_cut_short_is_not_taken_for_a_photo(settings: Settings, keyring: Keyring) -> None:
    objects = open_objects(settings, keyring)
    objects.put("photos/1", b"digits")
    [path] = files(settings)
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(InvalidToken):
        objects.get("photos/1")


def test_any_file_system_of_fsspec_will_do(keyring: Keyring) -> None:
    objects = Objects(fsspec.filesystem("memory"), "memory-of-a-test", keyring)
    objects.put("photos/1", b"digits")
    assert objects.get("photos/1") == b"digits"
    objects.delete("photos/1")
    objects.delete("photos/1")

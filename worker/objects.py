# SPDX-License-Identifier: Apache-2.0
"""Photos and digit crops as encrypted objects: a local folder, or any fsspec URL (`s3://…`)."""

from __future__ import annotations

from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from worker.crypto import Keyring
from worker.settings import Settings


class Objects:
    """Encrypted bytes by key. Raises OSError as the file system does: full disk, no network."""

    def __init__(self, filesystem: Any, root: str, keyring: Keyring) -> None:
        self._filesystem = filesystem
        self._root = root.rstrip("/")
        self._keyring = keyring

    def put(self, key: str, data: bytes) -> None:
        """Store `data`, replacing what was there: wholly or not at all."""
        path, token = self._path(key), self._keyring.encrypt(data)
        if not isinstance(self._filesystem, LocalFileSystem):
            self._filesystem.pipe_file(path, token)  # object stores replace in one step
            return
        self._filesystem.makedirs(self._filesystem._parent(path), exist_ok=True)
        self._filesystem.pipe_file(f"{path}.part", token)
        self._filesystem.mv(f"{path}.part", path)

    def get(self, key: str) -> bytes:
        """The bytes; FileNotFoundError when they are gone, InvalidToken for another key's."""
        return self._keyring.decrypt(self._filesystem.cat_file(self._path(key)))

    def delete(self, key: str) -> None:
        """Remove the object; one that is not there is fine."""
        try:
            self._filesystem.rm_file(self._path(key))
        except FileNotFoundError:
            return

    def _path(self, key: str) -> str:
        return f"{self._root}/{key}"


def open_objects(settings: Settings, keyring: Keyring) -> Objects:
    filesystem, root = fsspec.core.url_to_fs(settings.objects())
    return Objects(filesystem, root, keyring)

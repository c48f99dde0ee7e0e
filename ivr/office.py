# SPDX-License-Identifier: Apache-2.0
"""What a request handler works with: the settings, the store, who may ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from ivr.clients import Clients
from ivr.settings import Settings
from ivr.signature import Signatures
from worker.store import Store

EXTENSION = "sonsori"


@dataclass(frozen=True, slots=True)
class Office:
    settings: Settings
    store: Store
    signatures: Signatures
    clients: Clients

    def init_app(self, app: Flask) -> None:
        app.extensions[EXTENSION] = self


def office() -> Office:
    """The one of the application that handles this request."""
    return cast(Office, current_app.extensions[EXTENSION])

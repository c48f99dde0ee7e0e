# SPDX-License-Identifier: Apache-2.0
"""The web process: webhooks, the media stream, camera page, API, operators' pages, health."""

from __future__ import annotations

from flask import Flask

from ivr import api, camera, health, ops
from ivr.clients import Clients
from ivr.office import Office
from ivr.settings import Settings
from ivr.signature import Signatures
from ivr.stream import routes
from ivr.webhooks import messages, status, voice
from worker.store import Store, open_store


def create_app(settings: Settings, store: Store | None = None) -> Flask:
    """The application of `settings`; opens the store unless given one.

    The database is brought up to date beforehand (`worker.upgrade`, `sonsori db upgrade`). Raises
    ValueError for keys that cannot be.
    """
    app = Flask("ivr")
    app.config["MAX_CONTENT_LENGTH"] = settings.webhook_max_bytes
    store = store or open_store(settings)
    clients = Clients.of(settings.api_keys.get_secret_value())
    Office(settings, store, Signatures(settings), clients).init_app(app)
    ops.check(settings)
    pages = (camera.bp, api.bp, ops.bp, ops.metrics_bp, health.bp)
    for blueprint in (messages.bp, voice.bp, status.bp, *pages):
        app.register_blueprint(blueprint)
    routes.init_app(app, settings, store)
    return app

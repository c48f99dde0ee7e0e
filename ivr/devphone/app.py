# SPDX-License-Identifier: Apache-2.0
"""Puts the dev phone together."""

from __future__ import annotations

from flask import Flask, Response, jsonify
from flask_sock import Sock

from ivr.devphone.account import Account
from ivr.devphone.api import Api
from ivr.devphone.call import Equipment
from ivr.devphone.callbacks import StatusCallbacks
from ivr.devphone.cdn import make_cdn
from ivr.devphone.control import Control
from ivr.devphone.errors import ApiError
from ivr.devphone.events import EventLog
from ivr.devphone.exchange import Exchange
from ivr.devphone.handset import Handsets
from ivr.devphone.line import Clock, RealClock
from ivr.devphone.settings import PhoneSettings
from ivr.devphone.texting import Texting
from ivr.devphone.twiml import TwimlError
from ivr.devphone.webhook import WebhookError, Webhooks
from ivr.voice import CALLER_VOICES, SERVICE_VOICES, EspeakEngine


def create_phone(settings: PhoneSettings, clock: Clock | None = None) -> Flask:
    """One dev phone: its own account, exchange and log."""
    log, account, handsets = EventLog(), Account(), Handsets()
    webhooks = Webhooks(settings.auth_token, log)
    equipment = Equipment(
        log=log,
        webhooks=webhooks,
        speak_aloud=EspeakEngine(SERVICE_VOICES).speak,
        speak_as_caller=EspeakEngine(CALLER_VOICES).speak,
        account_sid=settings.twilio_account_sid,
        auth_token=settings.auth_token,
    )
    callbacks = StatusCallbacks(
        webhooks, settings.twilio_account_sid, disorder=settings.devphone_disorder
    )
    exchange = Exchange(equipment, handsets, callbacks, clock or RealClock())
    texting = Texting(settings, account, webhooks, log)

    app = Flask(__name__)
    control = Control(settings, log, exchange, handsets, texting)
    app.register_blueprint(control.blueprint(Sock()))
    app.register_blueprint(Api(settings, account, exchange, log).blueprint())
    app.register_blueprint(make_cdn(settings, account))
    app.register_error_handler(ApiError, _refuse)
    app.register_error_handler(WebhookError, _product_failed)
    app.register_error_handler(TwimlError, _product_failed)
    return app


def _refuse(error: ApiError) -> tuple[Response, int]:
    return jsonify(error.as_dict()), error.status


def _product_failed(error: WebhookError | TwimlError) -> tuple[Response, int]:
    """The product answered a webhook wrongly: told to whoever holds the telephone."""
    return jsonify(code=error.code, message=str(error)), 502

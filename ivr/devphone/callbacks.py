# SPDX-License-Identifier: Apache-2.0
"""Status callbacks: sent beside the call, so that a slow or failing product does not hold it up."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from ivr.devphone.account import rfc_date
from ivr.devphone.call import Call
from ivr.devphone.webhook import WebhookError, Webhooks

_EVENT_OF_STATUS = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}


class StatusCallbacks:
    """Delivers each call's events; with `disorder` swapped in pairs and each twice.

    Twilio promises neither order nor a single delivery, so the product is tested with disorder.
    """

    def __init__(self, webhooks: Webhooks, account_sid: str, *, disorder: bool = False) -> None:
        self._webhooks = webhooks
        self._account_sid = account_sid
        self._disorder = disorder
        self._held: dict[str, Mapping[str, str]] = {}
        self._sent: dict[str, int] = {}
        self._post_office = ThreadPoolExecutor(1, thread_name_prefix="callbacks")

    def send(self, call: Call) -> None:
        """Tell of the call's present status, if the product asked for that event."""
        event = _EVENT_OF_STATUS.get(call.status, "completed")
        if not call.status_url or event not in call.status_events:
            return
        number = self._sent.get(call.sid, 0)
        self._sent[call.sid] = number + 1
        parameters = call.parameters(self._account_sid) | {
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(number),
            "Timestamp": rfc_date(),
        }
        if call.over:
            parameters["CallDuration"] = str(call.duration_s)
            parameters["Duration"] = str(-(-call.duration_s // 60))
        for due in self._order(call, parameters):
            self._post_office.submit(self._deliver, call, due)

    def _order(self, call: Call, parameters: Mapping[str, str]) -> list[Mapping[str, str]]:
        if not self._disorder:
            return [parameters]
        held = self._held.pop(call.sid, None)
        if held is None and not call.over:
            self._held[call.sid] = parameters
            return []
        return [parameters, *([held, held] if held else []), parameters]

    def _deliver(self, call: Call, parameters: Mapping[str, str]) -> None:
        with suppress(WebhookError):  # noted in the log already, and Twilio gives up too
            self._webhooks.send(call.status_url, parameters, call=call.sid)

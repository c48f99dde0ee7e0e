# SPDX-License-Identifier: Apache-2.0
"""An application's photo through the real processes, and what operators see of them."""

from __future__ import annotations

import requests
from sqlalchemy import select

from ivr.stack import Stack
from tests.e2e.conftest import API_KEY, OPS_TOKEN, SAMPLE
from tests.processes import wait_until
from worker import Store
from worker.records import Call, Message

HEADERS = {"Authorization": f"Bearer {API_KEY}"}


def test_an_application_sends_a_photo_and_gets_its_digits(stack: Stack, store: Store) -> None:
    url = stack.plan.web_url
    with SAMPLE.open("rb") as photo:
        taken = requests.post(
            f"{url}/api/readings", files={"photo": photo}, headers=HEADERS, timeout=20
        )
    assert taken.status_code == 202
    address = url + taken.json()["url"]

    def read() -> bool:
        return _asked(address)["state"] == "read"

    wait_until(read)
    assert (_asked(address)["text"], _asked(address)["sure"]) == ("482915", True)
    with store.snapshot() as session:
        sender = select(Message.caller_id).where(Message.sid == taken.json()["id"])
        assert session.scalar(sender) is not None
        assert (
            session.scalar(select(Call).where(Call.caller_id == sender.scalar_subquery())) is None
        )
    assert requests.delete(address, headers=HEADERS, timeout=20).status_code == 204
    assert requests.get(address, headers=HEADERS, timeout=20).status_code == 404


def test_operators_see_the_workers_and_their_queues(stack: Stack) -> None:
    page = requests.get(f"{stack.plan.web_url}/ops/", auth=("kim", OPS_TOKEN), timeout=20)
    assert page.status_code == 200
    assert "No worker answers" not in page.text and "delivery, reading, upkeep" in page.text
    figures = requests.get(f"{stack.plan.web_url}/metrics", auth=("", OPS_TOKEN), timeout=20)
    assert "sonsori_broker_up 1.0" in figures.text


def _asked(address: str) -> dict[str, object]:
    found: dict[str, object] = requests.get(address, headers=HEADERS, timeout=20).json()
    return found

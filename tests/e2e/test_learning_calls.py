# SPDX-License-Identifier: Apache-2.0
"""The callers of the bench of learning ring the real service, and leave the labels they should."""

from __future__ import annotations

from ivr.learning.belief import Belief, Kind
from ivr.learning.calls import Planned, ring
from ivr.learning.labels import tally
from ivr.learning.service import Service
from ivr.stack import Stack
from tests.e2e.conftest import SAMPLE
from worker.store import Store

WRITTEN = "482915"  # on the sample
CALLERS = [
    Planned(7000, SAMPLE, WRITTEN, Belief(Kind.KNOWS, WRITTEN)),
    Planned(7001, SAMPLE, WRITTEN, Belief(Kind.MISTAKEN, "482917")),
    Planned(7002, SAMPLE, WRITTEN, Belief(Kind.AGREES, WRITTEN)),
]


def test_callers_who_know_confirm_and_those_who_are_mistaken_leave_a_wrong_label(
    stack: Stack, store: Store
) -> None:
    assert stack.plan.phone_url is not None
    rung = Service(stack, store, stack.plan.phone_url)
    called = list(ring(rung, CALLERS, at_once=2))
    assert [(one.index, one.status, one.left_at) for one in called] == [
        (caller.index, "completed", "") for caller in CALLERS
    ]
    found = tally(store, called)
    assert found["callers"] == {"knows": 1, "mistaken": 1, "agrees": 1}
    assert found["labels"] == {"confirmed": 2, "keyed": 1}
    assert found["wrong_labels"] == {"keyed": 1}

# SPDX-License-Identifier: Apache-2.0
"""`<Gather>`: collects keys while and after its prompts are spoken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ivr.devphone.line import Moment
from ivr.devphone.playout import FRAME_S, Playout
from ivr.devphone.twiml import Gather


@dataclass(frozen=True, slots=True)
class Gathered:
    """The keys without the one that ended them, and that one (empty: time ran out)."""

    digits: str
    finished_on: str = ""

    def parameters(self) -> tuple[tuple[str, str], ...]:
        """What the action's request carries beyond every voice webhook's."""
        return (
            ("msg", "Gather End"),
            ("Digits", self.digits),
            ("FinishedOnKey", self.finished_on),
        )


def gather_keys(gather: Gather, playout: Playout, tick: Callable[[], Moment]) -> Gathered:
    """Wait for the keys; the prompts are already queued and stop at the first key.

    The time-out begins when the prompts have ended, and anew at every key.
    """
    digits, quiet_s = "", 0.0
    while True:
        keys = tick().keys
        for key in keys:
            playout.clear()
            if key == gather.finish_on_key:
                return Gathered(digits, key)
            digits += key
            if len(digits) == gather.num_digits:
                return Gathered(digits)
        quiet_s = 0.0 if keys or not playout.empty else quiet_s + FRAME_S
        if quiet_s >= gather.timeout_s:
            return Gathered(digits)

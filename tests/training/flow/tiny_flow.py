# SPDX-License-Identifier: Apache-2.0
"""A retraining of tiny parts: the real flow, with a second's work where hours are meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tiny_parts import TinyParts, die_if_told

from training import steps
from training.flow import RetrainFlow
from training.flow_resume import say_what_is_reused
from training.loop import Plan


class TinyFlow(RetrainFlow):
    _parts = TinyParts()

    def _desk(self, name: str) -> steps.Desk:
        desk = super()._desk(name)
        if name == "end":
            die_if_told(desk.plan, name)
        return desk

    def next(self, *destinations: Any, **how: Any) -> None:
        """The step's work is done, and Metaflow has not heard of it yet."""
        die_if_told(Plan.load(Path(self.plan)), self._current_step)
        super().next(*destinations, **how)


if __name__ == "__main__":
    say_what_is_reused("TinyFlow")
    TinyFlow()

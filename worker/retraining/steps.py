# SPDX-License-Identifier: Apache-2.0
"""The flow's steps by name, for those who watch it and import nothing of it."""

from __future__ import annotations

from training.flow_resume import STEPS


def reused(step: str) -> tuple[str, ...]:
    """The steps that a run which came to `step` has behind it: a resumed one does not do them
    again. None before the flow, in `take-out` for example."""
    return STEPS[: STEPS.index(step)] if step in STEPS else ()

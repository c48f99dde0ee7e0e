# SPDX-License-Identifier: Apache-2.0
"""What a call keeps between requests: the dialog, the key to its media stream, whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ivr.dialog.state import State
from worker.calls import CallView


@dataclass(frozen=True, slots=True)
class Saved:
    """`dialog` is None before the line was open; `token` is a hash, None once used.

    `line` counts how often the line was opened: by a stream, or to go on by keys.
    """

    dialog: State | None = None
    token: str | None = None
    line: int = 0

    def as_dict(self) -> dict[str, Any]:
        dialog = None if self.dialog is None else self.dialog.as_dict()
        return {"dialog": dialog, "token": self.token, "line": self.line}

    @classmethod
    def of(cls, view: CallView) -> Saved:
        if view.state is None:
            return cls()
        dialog = view.state["dialog"]
        state = None if dialog is None else State.from_dict(dialog)
        return cls(state, view.state["token"], view.state.get("line", 0))

    @property
    def waiting(self) -> bool:
        return self.dialog is not None and self.dialog.waiting

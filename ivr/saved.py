# SPDX-License-Identifier: Apache-2.0
"""What a call keeps between requests: the dialog, and the key to its media stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ivr.dialog.state import State
from worker.calls import CallView


@dataclass(frozen=True, slots=True)
class Saved:
    """`dialog` is None before the line was open; `token` is a hash, None once used."""

    dialog: State | None = None
    token: str | None = None

    def as_dict(self) -> dict[str, Any]:
        dialog = None if self.dialog is None else self.dialog.as_dict()
        return {"dialog": dialog, "token": self.token}

    @classmethod
    def of(cls, view: CallView) -> Saved:
        if view.state is None:
            return cls()
        dialog = view.state["dialog"]
        return cls(None if dialog is None else State.from_dict(dialog), view.state["token"])

    @property
    def waiting(self) -> bool:
        return self.dialog is not None and self.dialog.waiting

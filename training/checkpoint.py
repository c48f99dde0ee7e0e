# SPDX-License-Identifier: Apache-2.0
"""Where a training is after an epoch: whoever was killed goes on from there, to the same end."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from training.files import write_whole


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A file that holds the last whole epoch; `key` says what it is a training of."""

    path: Path
    key: str

    def save(self, epochs: int, parts: Mapping[str, Any], averaged_steps: int) -> None:
        """`parts` have a `state_dict`: networks, the optimiser, its schedule."""
        data = io.BytesIO()
        state = {
            "key": self.key,
            "epochs": epochs,
            "steps": averaged_steps,
            "random": torch.get_rng_state(),
            "parts": {name: part.state_dict() for name, part in parts.items()},
        }
        torch.save(state, data)
        write_whole(self.path, data.getvalue())

    def restore(self, parts: Mapping[str, Any]) -> tuple[int, int]:
        """Fills `parts`; the epochs done and the averaged steps, (0, 0) when there is nothing to
        go on from."""
        if not self.path.exists():
            return 0, 0
        state = torch.load(self.path, weights_only=True)
        if state["key"] != self.key:
            return 0, 0
        for name, part in parts.items():
            part.load_state_dict(state["parts"][name])
        torch.set_rng_state(state["random"])
        return int(state["epochs"]), int(state["steps"])

# SPDX-License-Identifier: Apache-2.0
"""Where a training was after its last whole epoch: what is needed to end as if never killed."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Protocol

import torch

from training.files import write_whole


class Stateful(Protocol):
    """What PyTorch can write down and take up again."""

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state_dict: dict[str, Any]) -> Any: ...


def save(path: Path, epoch: int, parts: dict[str, Stateful]) -> None:
    """After `epoch` (from 1), whole or not at all. Raises `OSError`."""
    buffer = io.BytesIO()
    states = {name: part.state_dict() for name, part in parts.items()}
    torch.save({"epoch": epoch, **states}, buffer)
    write_whole(path, buffer.getvalue())


def restore(path: Path | None, parts: dict[str, Stateful]) -> int:
    """Takes up what was saved; how many epochs are done, 0 without a checkpoint."""
    if path is None or not path.exists():
        return 0
    kept = torch.load(path)
    for name, part in parts.items():
        part.load_state_dict(kept[name])
    return int(kept["epoch"])

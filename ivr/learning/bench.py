# SPDX-License-Identifier: Apache-2.0
"""What one bench of learning is asked to do, and where it keeps what it did."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from training.files import write_whole


class AnotherBench(Exception):
    """The folder holds a bench of other sizes or another seed."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Sizes, seed and folders. `mistaken` and `test_share` are shares of the callers; `photos` is
    a folder with labels.csv of photos that people took; `data` holds fonts and MNIST."""

    folder: Path
    calls: int = 600
    unseen: int = 400
    old: int = 1000
    seed: int = 7
    mistaken: float = 0.05
    test_share: float = 0.2
    at_once: int = 6
    processes: int = 2
    photos: Path | None = None
    data: Path = Path("var/data")

    @property
    def service(self) -> Path:
        """The data folder of the service that is rung."""
        return self.folder / "service"

    @property
    def called(self) -> Path:
        """A copy of it as it was after the calls."""
        return self.folder / "called"

    @property
    def shuffled(self) -> Path:
        """Another one, whose labels are random."""
        return self.folder / "shuffled"

    def claim(self) -> None:
        """Make the folder this bench's. Raises `AnotherBench`."""
        path = self.folder / "bench.json"
        asked = {name: value for name, value in asdict(self).items() if name in _TELLING}
        if path.exists() and json.loads(path.read_text()) != asked:
            raise AnotherBench(f"{self.folder} holds another bench: name another folder by --out")
        write_whole(path, json.dumps(asked, indent=2).encode())


_TELLING = ("calls", "unseen", "old", "seed", "mistaken", "test_share")

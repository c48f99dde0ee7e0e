# SPDX-License-Identifier: Apache-2.0
"""A store that several processes made at once, and what they had to say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

AT_ONCE = 4
MIGRATE = """
import sys
from pathlib import Path
from training.tracking import Memory
Memory(sys.argv[1], Path(sys.argv[2]), "sonsori").migrate()
"""


@dataclass(frozen=True)
class Fresh:
    database: Path
    statuses: list[int]
    errors: list[str]

# SPDX-License-Identifier: Apache-2.0
"""How often the frozen set was asked. A set that is asked again and again begins to flatter: what
chance favours passes in the end."""

from __future__ import annotations

import json

from training.files import write_whole
from training.gate.frozen import FrozenSet
from training.gate.verdict import Verdict


def look(frozen: FrozenSet, verdict: Verdict) -> int:
    """Notes that `verdict` was given; how many different challengers have been judged by now."""
    path = frozen.folder / "looks.json"
    seen: dict[str, bool] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    seen[verdict.challenger.digest] = verdict.passed
    write_whole(path, json.dumps(seen, indent=1).encode())
    return len(seen)

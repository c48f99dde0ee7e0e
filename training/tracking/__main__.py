# SPDX-License-Identifier: Apache-2.0
"""`python -m training.tracking`: what workers need of MLflow, without loading it themselves.

    migrate URL ARTIFACTS NAME    make the store, or bring it up to date
    bury PLAN REASON              mark what a dead retraining left RUNNING as KILLED

Exit status 1, with a sentence on standard error, when the store is away.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from training.loop import Plan
from training.tracking import Memory, MemoryAway

KEY = "key"  # file in `Plan.work`: what the retraining is called in the memory


def migrate(url: str, artifacts: str, name: str) -> None:
    Memory(url, Path(artifacts), name).migrate()


def bury(plan_path: str, reason: str) -> None:
    """Raises `FileNotFoundError` for a retraining that never came to the memory: it has no key."""
    plan = Plan.load(Path(plan_path))
    key = (plan.work / KEY).read_text()
    memory = Memory(plan.tracking_url, plan.artifacts, plan.model_name)
    memory.kill([run.id for run in memory.running(key)], reason)


COMMANDS: dict[str, Callable[..., None]] = {"migrate": migrate, "bury": bury}


def main(arguments: Sequence[str]) -> int:
    name, *rest = arguments
    try:
        COMMANDS[name](*rest)
    except MemoryAway as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

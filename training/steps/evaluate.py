# SPDX-License-Identifier: Apache-2.0
"""The fourth step: the candidates are compared on data that the gate does not decide by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from training.steps.desk import Desk


def evaluate(
    desk: Desk, parent: str, data: Mapping[str, Any], trained: Sequence[Mapping[str, str]]
) -> dict[str, Any]:
    """The best candidate: what `train` left of it, its `score`, and the `scores` of all. Of two
    as good, the one named first in the plan."""
    scores = {one["candidate"]: _score(desk, one, data) for one in trained}
    order = desk.plan.candidates.index
    best = min(trained, key=lambda one: (-scores[one["candidate"]], order(one["candidate"])))
    name = best["candidate"]
    desk.memory.metrics(parent, {f"score_{one}": score for one, score in scores.items()})
    desk.memory.tag(parent, {"best": name})
    return {**best, "score": scores[name], "scores": scores}


def _score(desk: Desk, trained: Mapping[str, str], data: Mapping[str, Any]) -> float:
    frozen = desk.parts.open(Path(data["folder"]))
    bundle = Path(trained["bundle"])
    found = desk.parts.validate(bundle, frozen, desk.plan, desk.progress)
    desk.memory.metrics(trained["run"], {**found.metrics, "score": found.score})
    desk.memory.finish(trained["run"])
    return found.score

# SPDX-License-Identifier: Apache-2.0
"""The plan of a run: made for its first try, kept for the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from training.loop import Amounts, Plan
from vision import SHIPPED
from worker.promotion.bundles import ModelStore
from worker.retraining import folders
from worker.retraining.errors import CannotTrain
from worker.settings import Settings


def plan_of(settings: Settings, run_id: int) -> Plan:
    """The run's plan, which is written when there is none yet.

    Raises `CannotTrain` for a `training_plan` that makes none, OSError as for a full disk, and
    `Unusable` as `champion` does.
    """
    path = folders.plan_path(settings, run_id)
    folders.make_private(path.parent)
    if not path.exists():
        _new_plan(settings, path.parent).save(path)
    return Plan.load(path)


def _new_plan(settings: Settings, work: Path) -> Plan:
    root = folders.root(settings)
    try:
        return Plan(
            work=work,
            champion=champion(settings),
            frozen=folders.frozen(settings),
            snapshots=root / "snapshots",
            data=settings.data_dir.resolve() / "data",
            tracking_url=settings.tracking(),
            artifacts=settings.artifacts(),
            model_name=settings.registered_model,
            least_new=settings.least_new_labels,
            threads=settings.training_threads,
            **_wishes(settings.training_plan),
        )
    except (TypeError, ValueError) as error:
        raise CannotTrain(f"SONSORI_TRAINING_PLAN makes no plan: {error}") from error


def _wishes(given: dict[str, Any]) -> dict[str, Any]:
    wishes = dict(given)
    if "amounts" in wishes:
        wishes["amounts"] = Amounts(**wishes["amounts"])
    if "candidates" in wishes:
        wishes["candidates"] = tuple(wishes["candidates"])
    return wishes


def champion(settings: Settings) -> Path:
    """The bundle in service, which a challenger has to beat.

    Raises `worker.promotion.checks.Unusable` when the model store does not say which that is.
    """
    if settings.model_dir is not None:
        return settings.model_dir.resolve()
    models = ModelStore(settings.models())
    served = models.current()
    return SHIPPED if served is None else models.bundle(served.bundle)

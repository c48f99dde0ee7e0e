# SPDX-License-Identifier: Apache-2.0
"""How each candidate of a retraining learnt, as MLflow remembers it."""

from __future__ import annotations

from worker.settings import Settings

Curves = dict[str, dict[str, list[tuple[int, float]]]]
"""By metric, by candidate: (epoch, value), in order."""


def curves_of(settings: Settings, tracking_run: str) -> Curves:
    """Every metric that a candidate of this run has more than one value of."""
    from mlflow import MlflowClient
    from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID

    from training.tracking import Memory

    memory = Memory(settings.tracking(), settings.artifacts(), settings.registered_model)
    client = MlflowClient(settings.tracking(), settings.tracking())
    experiment = client.get_run(tracking_run).info.experiment_id
    mine = f"tags.`{MLFLOW_PARENT_RUN_ID}` = '{tracking_run}'"
    found: Curves = {}
    for run in sorted(client.search_runs([experiment], mine), key=lambda run: run.info.run_name):
        for metric, curve in memory.curves(run.info.run_id).items():
            if len(curve) > 1:
                found.setdefault(metric, {})[run.info.run_name] = curve
    return found

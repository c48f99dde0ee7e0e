# SPDX-License-Identifier: Apache-2.0
"""The process that is one retraining: its command line and its environment.

Needs no Metaflow, so that whoever starts a retraining need not import it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import training
from training.loop import Plan

FLOW = "training.flow"
FLOW_RUN = "flow_run"  # file in `Plan.work`: Metaflow's number of the run, as soon as it has one
THREADS_EACH = 2  # a candidate trained on one core is no faster than two, one after the other


@dataclass(frozen=True, slots=True)
class Command:
    """`environment` is whole: it holds what was in the caller's, too."""

    args: list[str]
    environment: dict[str, str]


def command(
    plan_path: Path,
    *,
    resume: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Command:
    """The process for the retraining of a plan; `resume` is the Metaflow run to go on from.

    A run that was killed before Metaflow had written down its parameters cannot be gone on from:
    it is begun anew. Settings, from `environment` (default: this process's): `SONSORI_FLOW` is a
    module or file with another flow, `SONSORI_FLOW_WITH` decorators for all steps, parted by
    semicolons. Raises `FileNotFoundError`, or `ValueError` for what is no plan.
    """
    plan = Plan.load(plan_path)
    around = dict(os.environ if environment is None else environment)
    whole = _environment(plan, around)
    start = ["resume", "--origin-run-id", resume or ""]
    if resume is None or not _can_resume(plan, resume):
        start = ["run", "--plan", str(plan_path.resolve())]
    args = [sys.executable, *_flow(around), "--no-pylint", *start, *_options(plan, around)]
    return Command(args, whole)


def flow_home(plan: Plan) -> Path:
    """The folder of everything Metaflow keeps: one for all retrainings."""
    return plan.work.parent / "metaflow"


def last_run(plan: Plan) -> str | None:
    """Metaflow's number of the plan's last run; None before it has one."""
    try:
        return (plan.work / FLOW_RUN).read_text().strip() or None
    except FileNotFoundError:
        return None


def decorators(environment: Mapping[str, str]) -> list[str]:
    """What `SONSORI_FLOW_WITH` says: "kubernetes:cpu=2,memory=8000;retry:times=1" is two."""
    parts = environment.get("SONSORI_FLOW_WITH", "").split(";")
    return [part.strip() for part in parts if part.strip()]


def workers(plan: Plan) -> int:
    """How many candidates are trained at a time."""
    return max(1, min(len(plan.candidates), plan.threads // THREADS_EACH))


def threads_each(plan: Plan) -> int:
    """How many cores a candidate is trained on."""
    return max(1, plan.threads // workers(plan))


def _flow(environment: Mapping[str, str]) -> list[str]:
    flow = environment.get("SONSORI_FLOW") or FLOW
    return [flow] if flow.endswith(".py") else ["-m", flow]


def _options(plan: Plan, environment: Mapping[str, str]) -> list[str]:
    with_each = [part for one in decorators(environment) for part in ("--with", one)]
    run_id_file = str(plan.work / FLOW_RUN)
    return ["--run-id-file", run_id_file, "--max-workers", str(workers(plan)), *with_each]


def _environment(plan: Plan, around: dict[str, str]) -> dict[str, str]:
    """Metaflow puts the flow's folder before all others on the path of its steps: the safe path
    keeps our modules from being taken for others of the same name."""
    home = str(flow_home(plan))
    root = str(Path(training.__file__).resolve().parents[1])
    path = os.pathsep.join(part for part in (root, around.get("PYTHONPATH", "")) if part)
    ours = {"PYTHONSAFEPATH": "1", "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}
    defaults = {
        "METAFLOW_DATASTORE_SYSROOT_LOCAL": home,
        "METAFLOW_HOME": home,
        "METAFLOW_CLIENT_CACHE_PATH": str(Path(home) / "cache"),
        "METAFLOW_DEFAULT_DATASTORE": "local",
        "METAFLOW_DEFAULT_METADATA": "local",
        "METAFLOW_USER": "sonsori",
    }
    return {**defaults, **around, **ours}


def _can_resume(plan: Plan, run: str) -> bool:
    """Whether Metaflow wrote down the run's parameters; on another store than ours, it says so."""
    if not flow_home(plan).exists():
        return True
    return any(flow_home(plan).glob(f".metaflow/*/{run}/_parameters/*/*.DONE.lock"))

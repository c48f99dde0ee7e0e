# SPDX-License-Identifier: Apache-2.0
"""How the flow is started: the command line and environment of a program of its own.

What trains is an extra that serving does without, so nothing of it is imported before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from worker.retraining.errors import CannotTrain
from worker.settings import Settings

Command = tuple[list[str], dict[str, str]]  # arguments, and the whole environment
# The plan's path, the flow's run to resume or None, and the environment to add to.
Launch = Callable[[Path, str | None, Mapping[str, str]], Command]
NEEDED = ("torch", "metaflow", "mlflow")


def launch_flow(plan: Path, resume: str | None, environment: Mapping[str, str]) -> Command:
    """The command that runs or resumes `training.flow`. Raises `CannotTrain` when the packages
    for it are not installed."""
    see_that_all_is_installed(NEEDED)
    from training.flow_command import command

    made = command(plan, resume=resume, environment=environment)
    return made.args, made.environment


def see_that_all_is_installed(packages: Sequence[str]) -> None:
    absent = [name for name in packages if find_spec(name) is None]
    if absent:
        raise CannotTrain(
            f"{', '.join(absent)} is not installed where the trainer runs: "
            "pip install 'sonsori[training]', then `sonsori resume`"
        )


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without our settings: keys and addresses are no business of a training's."""
    ours = {f"SONSORI_{name.upper()}" for name in Settings.model_fields}
    return {name: value for name, value in environment.items() if name.upper() not in ours}

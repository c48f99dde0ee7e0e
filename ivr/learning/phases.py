# SPDX-License-Identifier: Apache-2.0
"""One phase after the other; each leaves a file, so that a broken bench goes on where it was."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ivr.learning.bench import Bench
from training.files import write_whole
from training.progress import ProgressBar

Found = dict[str, Any]
"""What a phase found out, as JSON has it."""


class PhaseFailed(Exception):
    """Says which phase and why; what was done before is kept."""


@dataclass(frozen=True, slots=True)
class Phase:
    """`run` is given what the phases before it found, by their names. `forget` throws away what it
    had begun, where beginning anew is another thing than going on."""

    name: str
    run: Callable[[Bench, dict[str, Found], ProgressBar], Found]
    forget: Callable[[Bench], None] = lambda bench: None


def run_phases(
    bench: Bench,
    phases: Sequence[Phase],
    *,
    say: Callable[[str], None],
    progress: ProgressBar,
) -> dict[str, Found]:
    """What all phases found; those that have left their file are not run again.

    Raises `PhaseFailed`.
    """
    found: dict[str, Found] = {}
    for phase in phases:
        path = _file(bench, phase)
        if path.exists():
            say(f"{phase.name}: done before")
        else:
            say(f"{phase.name} ...")
            _run(bench, phase, found, progress, path)
        found[phase.name] = json.loads(path.read_text("utf-8"))
        say(f"{phase.name}: {found[phase.name]['seconds']:.0f} s")
    return found


def begin_from(bench: Bench, phases: Sequence[Phase], name: str) -> None:
    """Have the phase of this name and all that follow run again. Raises `ValueError`."""
    names = [phase.name for phase in phases]
    if name not in names:
        raise ValueError(f"there is no phase {name!r}, but {', '.join(names)}")
    for phase in phases[names.index(name) :]:
        _file(bench, phase).unlink(missing_ok=True)
        phase.forget(bench)


def _run(
    bench: Bench, phase: Phase, found: dict[str, Found], progress: ProgressBar, path: Path
) -> None:
    began = time.monotonic()
    try:
        result = phase.run(bench, found, progress)
    except Exception as error:
        raise PhaseFailed(f"{phase.name} failed: {type(error).__name__}: {error}") from error
    result = {"seconds": round(time.monotonic() - began, 1), **result}
    write_whole(path, json.dumps(result, indent=1, ensure_ascii=False).encode())


def _file(bench: Bench, phase: Phase) -> Path:
    return bench.folder / f"{phase.name}.json"

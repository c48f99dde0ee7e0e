# SPDX-License-Identifier: Apache-2.0
"""Phases of the bench of learning: each once, in order, and on from where one broke off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.learning.bench import AnotherBench, Bench
from ivr.learning.phases import Found, Phase, PhaseFailed, begin_from, run_phases
from training.progress import NullProgress, ProgressBar


class Log(list[str]):
    """Which phases ran."""

    def phase(self, name: str, fails: Callable[[], bool] = lambda: False) -> Phase:
        def run(bench: Bench, found: dict[str, Found], progress: ProgressBar) -> Found:
            self.append(name)
            if fails():
                raise RuntimeError("the disk is full")
            return {"after": list(found)}

        return Phase(name, run, lambda bench: self.append(f"forget {name}"))


def test_a_phase_is_given_what_those_before_it_found(tmp_path: Path) -> None:
    log = Log()
    found = _run(tmp_path, [log.phase("a"), log.phase("b")])
    assert found["b"]["after"] == ["a"]
    assert found["b"]["seconds"] >= 0


def test_what_was_done_is_not_done_again(tmp_path: Path) -> None:
    log = Log()
    phases = [log.phase("a"), log.phase("b")]
    assert _run(tmp_path, phases) == _run(tmp_path, phases)
    assert log == ["a", "b"]


def test_a_broken_bench_names_the_phase_and_goes_on_with_it(tmp_path: Path) -> None:
    log, full = Log(), [True, False]
    phases = [log.phase("a"), log.phase("b", lambda: full.pop(0))]
    with pytest.raises(PhaseFailed, match="b failed: RuntimeError: the disk is full"):
        _run(tmp_path, phases)
    _run(tmp_path, phases)
    assert log == ["a", "b", "b"]


def test_from_a_phase_on_all_is_done_anew(tmp_path: Path) -> None:
    log = Log()
    phases = [log.phase("a"), log.phase("b"), log.phase("c")]
    _run(tmp_path, phases)
    log.clear()
    begin_from(Bench(tmp_path), phases, "b")
    _run(tmp_path, phases)
    assert log == ["forget b", "forget c", "b", "c"]


def test_a_phase_that_there_is_none_of_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no phase 'z', but a"):
        begin_from(Bench(tmp_path), [Log().phase("a")], "z")


def test_a_folder_holds_one_bench_and_no_other(tmp_path: Path) -> None:
    Bench(tmp_path, calls=3).claim()
    Bench(tmp_path, calls=3, at_once=1).claim()
    with pytest.raises(AnotherBench, match="--out"):
        Bench(tmp_path, calls=4).claim()


def _run(folder: Path, phases: list[Phase]) -> dict[str, Found]:
    return run_phases(Bench(folder), phases, say=lambda line: None, progress=NullProgress())

# SPDX-License-Identifier: Apache-2.0
"""Candidates are trained, chosen among, and come out the same after a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from training.candidates import train, validate
from training.candidates.digits import loss_of
from training.candidates.screen import doubtful
from training.loop import Plan, TakeOut
from training.progress import NullProgress
from training.snapshot import Snapshot, freeze
from vision import load_model

KILLED = """
import os
import signal
import sys
from pathlib import Path
from training.candidates import train
from training.loop import Plan
from training.progress import NullProgress
from training.snapshot import Snapshot

class Dying(NullProgress):
    def advance(self, steps=1, note=""):
        if note.startswith("epoch 2") and (plan.work / "whole" / "digits.pt").exists():
            os.kill(os.getpid(), signal.SIGKILL)

plan = Plan.load(Path(sys.argv[1]))
snapshot = Snapshot.open(Path(sys.argv[2]))
train("whole", snapshot, plan, Path(sys.argv[3]), Dying(), lambda *_: None)
"""


def _version(bundle: Path) -> str:
    return str(json.loads((bundle / "model.json").read_text())["version"])


@pytest.fixture
def snapshot(plan: Plan, takeout: TakeOut) -> Snapshot:
    return freeze(takeout, plan, NullProgress())


def test_a_training_killed_in_mid_epoch_ends_with_the_same_model(
    plan: Plan, snapshot: Snapshot, tmp_path: Path
) -> None:
    plan.save(tmp_path / "plan.json")
    arguments = [str(tmp_path / "plan.json"), str(snapshot.folder)]
    out = plan.work / "bundle"
    command = [sys.executable, "-c", KILLED, *arguments, str(out)]
    dead = subprocess.run(command, env=os.environ | {"PYTHONPATH": os.getcwd()}, check=False)
    assert dead.returncode == -signal.SIGKILL
    assert not out.exists()
    epochs: list[int] = []
    train("whole", snapshot, plan, out, NullProgress(), lambda epoch, _: epochs.append(epoch))
    assert epochs == [2, 3, 4, 5, 6]
    other = replace(plan, work=tmp_path / "undisturbed")
    whole = train("whole", snapshot, other, other.work / "bundle", NullProgress(), lambda *_: None)
    assert _version(out) == _version(whole)


def test_a_candidate_is_a_bundle_that_can_be_champion(
    plan: Plan, snapshot: Snapshot, tmp_path: Path
) -> None:
    short = replace(plan, amounts=replace(plan.amounts, epochs=1))
    first = train("scratch", snapshot, short, tmp_path / "first", NullProgress(), lambda *_: None)
    card = json.loads((first / "model.json").read_text())
    assert card["training_data_sha256"] == snapshot.digest
    assert card["parent"] == _version(plan.champion)
    assert card["confidence"]["networks"] == card["version"] == load_model(first).version
    next_plan = replace(short, champion=first, work=tmp_path / "next")
    out = tmp_path / "second"
    second = train("tuned", snapshot, next_plan, out, NullProgress(), lambda *_: None)
    assert json.loads((second / "model.json").read_text())["parent"] == card["version"]
    assert (second / "lines.onnx").read_bytes() == (plan.champion / "lines.onnx").read_bytes()
    assert (second / "patches.onnx").read_bytes() != (first / "patches.onnx").read_bytes()
    found = validate(second, snapshot, next_plan, NullProgress())
    assert 0 <= found.score <= 1
    assert "old_exact" in found.metrics


def test_an_unknown_candidate_is_refused(plan: Plan, snapshot: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no candidate is called brave"):
        train("brave", snapshot, plan, tmp_path / "out", NullProgress(), lambda *_: None)


def test_labels_that_others_speak_against_are_doubted() -> None:
    labels = np.repeat(np.arange(10), 10)
    p = np.full((100, 10), 0.02, np.float32)
    p[np.arange(100), labels] = 0.82
    p[7] = 0.01
    p[7, 4] = 0.9
    assert np.flatnonzero(doubtful(p, labels)).tolist() == [7]


def test_a_denied_label_pushes_its_digit_down_and_no_other() -> None:
    logits = torch.zeros(1, 11, requires_grad=True)

    class Fixed(torch.nn.Module):
        def forward(self, _: torch.Tensor) -> torch.Tensor:
            return logits

    batch = torch.zeros(1, 1, 28, 28), torch.tensor([4]), torch.ones(1), torch.tensor([True])
    loss_of(Fixed(), batch).backward()
    assert logits.grad is not None
    assert logits.grad[0, 4] > 0
    assert (logits.grad[0, [0, 1, 2, 3, 5, 6, 7, 8, 9]] < 0).all()

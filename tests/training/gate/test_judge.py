# SPDX-License-Identifier: Apache-2.0
"""Whole verdicts: real bundles read real photos, in processes of their own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from gate_photos import DRAWN, SENT, Bundles, Verdicts, bundle_like_ours

from training.gate import Check, FrozenSet, Limits, Verdict, judge
from training.gate.fitness import fit_to_serve
from training.gate.inspection import faults_of_card
from training.gate.verdict import Bundle


def failed(verdict: Verdict) -> list[str]:
    return [one.check for one in verdict.checks if not one.passed]


def test_a_bundle_is_no_better_than_itself(verdicts: Verdicts) -> None:
    verdict = verdicts.same
    assert not verdict.passed and not verdict.narrowly_failed
    assert failed(verdict) == [Check.BETTER]
    assert verdict.counts is not None
    assert (verdict.counts.wins, verdict.counts.losses) == (0, 0)
    assert verdict.reasons[0].startswith("Nothing shows that the challenger reads better")


def test_a_better_bundle_passes_and_says_by_what(verdicts: Verdicts) -> None:
    verdict = verdicts.better
    assert verdict.passed, verdict.reasons
    assert verdict.counts is not None and verdict.counts.p <= 0.05
    assert verdict.reasons[0].startswith("The challenger reads better: it won")


def test_a_worse_bundle_is_refused_with_all_its_reasons(verdicts: Verdicts) -> None:
    verdict = verdicts.worse
    assert not verdict.passed and not verdict.narrowly_failed
    assert {Check.SMOKE, Check.BETTER, Check.SLICE, Check.CORRECTED} <= set(failed(verdict))
    worse = [one.name for one in verdict.slices if one.worse]
    assert "numbers of 4 to 6 digits" in worse


def test_a_bundle_that_is_sure_of_everything_is_refused(verdicts: Verdicts) -> None:
    verdict = verdicts.eager
    assert Check.SILENT in failed(verdict)
    assert verdict.selective is not None
    assert verdict.selective.challenger.silent > verdict.selective.champion.silent
    assert any("silent errors" in reason for reason in verdict.reasons)


def test_a_verdict_says_what_it_rests_on(verdicts: Verdicts, frozen: FrozenSet) -> None:
    tried = verdicts.same.tried
    assert (tried.rendered, tried.callers, tried.watched) == (DRAWN, SENT, 1)
    assert tried.digest == frozen.digest
    assert verdicts.same.counts is not None
    assert verdicts.same.counts.photos == DRAWN + SENT - 1
    assert verdicts.better.notes[-1].startswith("This frozen set has been asked about 2")


def test_a_verdict_is_read_as_it_was_written(verdicts: Verdicts) -> None:
    for verdict in (verdicts.same, verdicts.better, verdicts.worse):
        written = json.loads(json.dumps(verdict.as_dict()))
        assert Verdict.from_dict(written) == verdict
        assert written["passed"] == verdict.passed


def test_a_verdict_holds_nobodys_digits(verdicts: Verdicts, frozen: FrozenSet) -> None:
    for verdict in (verdicts.worse, verdicts.eager):
        written = json.dumps(verdict.as_dict())
        for photo in frozen.photos:
            assert len(photo.text) < 4 or photo.text not in written
            assert photo.rendered or photo.writer not in written


def test_a_network_cut_short_is_a_verdict_and_no_crash(
    bundles: Bundles, frozen: FrozenSet, tmp_path: Path
) -> None:
    broken = shutil.copytree(bundles.ours, tmp_path / "broken")
    network = broken / "digits.onnx"
    network.write_bytes(network.read_bytes()[:1000])
    verdict = judge(bundles.ours, broken, frozen)
    assert {Check.LOADS, Check.CARD} == set(failed(verdict))
    assert verdict.counts is None
    assert "does not load in a clean process" in verdict.reasons[0]
    assert Verdict.from_dict(json.loads(json.dumps(verdict.as_dict()))) == verdict


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"confidence": {"intercept": 0, "weights": {}, "networks": "others"}}, "never be sure"),
        ({"thresholds": {}}, "it is not whole"),
        ({"version": "mine"}, "its version is not that of the networks"),
        ({"training_data_sha256": ""}, "what it learnt from"),
    ],
)
def test_a_card_that_is_not_sound_is_told(
    change: dict[str, object], why: str, tmp_path: Path
) -> None:
    bundle = bundle_like_ours(tmp_path / "odd", lambda card: None)
    assert list(faults_of_card(bundle)) == []
    card = json.loads((bundle / "model.json").read_text())
    (bundle / "model.json").write_text(json.dumps(card | change))
    assert why in "; ".join(faults_of_card(bundle))


def test_a_bundle_that_learnt_with_other_code_or_is_too_large_is_refused(
    bundles: Bundles, tmp_path: Path
) -> None:
    foreign = bundle_like_ours(tmp_path / "foreign", lambda card: card.update(preprocessing="f00"))
    before, after = Bundle("a", "", 4.0), Bundle("b", "", 6.5)
    found = [one for one in fit_to_serve(before, after, foreign, "aea", Limits()) if not one.passed]
    assert [one.check for one in found] == [Check.SIZE, Check.PREPROCESSING]
    assert "6.50 MB (8 at most), 1.62 times the champion's" in found[0].sentence
    assert "another state of the code" in found[1].sentence


def test_an_empty_set_judges_nothing(bundles: Bundles, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no photos"):
        judge(bundles.ours, bundles.ours, FrozenSet(tmp_path, ()))


def test_every_allowance_has_its_reason() -> None:
    told = list(Limits().reasons())
    assert len(told) > 10
    assert all(len(why) > 30 for _, _, why in told)


def test_to_judge_takes_no_torch_and_no_memory_of_trainings() -> None:
    code = "import sys, training.gate; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"torch", "mlflow", "metaflow", "matplotlib"}
    assert heavy & set(run.stdout.split()) == set()

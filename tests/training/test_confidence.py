# SPDX-License-Identifier: Apache-2.0
"""Confidence from photos to the bundle's card, and what is reported of it."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest

from training.confidence import FALSE_ALARMS, bundled, fit, fit_writing, write
from training.confidence_data import Example, each, example_of, state_of
from training.confidence_report import as_text, report
from training.progress import NullProgress
from training.scoring import Labelled
from training.synthesis.characters import Sources
from training.synthesis.photo import render
from training.synthesis.plan import Plan
from vision import load_model
from vision.signs import RANGES
from vision.trust import Trust, Writing


def example(index: int, *, right: bool, sure: float = 1.0) -> Example:
    """A reading of one digit; `sure` from 0 to 1 is where each sign lies in its range."""
    signs = {str(sign): low + sure * (high - low) for sign, (low, high) in RANGES.items()}
    p = [0.01] * 11
    p[4] = 0.9
    text = "4" if right else "9"
    return Example(f"{index}.jpg", "easy", "4", text, True, signs, [p], [4 if right else 10])


def examples() -> list[Example]:
    """A thousand readings: the good ones show better signs."""
    random = np.random.default_rng(1)
    right = random.random(1000) < 0.9
    shown = np.clip(random.normal(np.where(right, 0.9, 0.2), 0.1), 0, 1)
    return [
        example(i, right=bool(r), sure=float(s))
        for i, (r, s) in enumerate(zip(right, shown, strict=True))
    ]


def test_what_is_fitted_is_sure_of_the_good_and_not_of_the_bad() -> None:
    made = examples()
    trust = fit(made, risk=0.01, seed=7)
    counts = report(made, trust)["all"]
    assert counts["sure"] > 0.9 * counts["exact"]
    assert counts["silent"] <= 5


def mistaken(index: int, *, sure: float) -> Example:
    """A photo without digits in which some were seen."""
    return replace(example(index, right=False, sure=sure), group="negative", label="", digits=[10])


def test_chance_shapes_are_told_from_digits() -> None:
    random = np.random.default_rng(2)
    chance = [mistaken(i, sure=float(s)) for i, s in enumerate(random.uniform(0, 0.6, 100))]
    made = [*examples(), *chance]
    trust = fit(made, risk=0.02, seed=7)
    assert trust.writing is not None
    told = [one for one in chance if one.told_by(trust).text]
    assert len(told) <= FALSE_ALARMS * len(chance)
    right = [one for one in made if one.right]
    assert sum(bool(one.told_by(trust).text) for one in right) > 0.95 * len(right)


def test_a_photo_that_is_not_told_counts_as_read_empty() -> None:
    strict = Trust(writing=Writing(0.0, {}, 0.9))
    seen = mistaken(0, sure=0.5)
    assert not seen.right and seen.told_by(strict).right
    assert report([seen], strict)["all"]["exact"] == 1
    assert report([example(1, right=True, sure=0.5)], strict)["all"]["exact"] == 0


def test_a_bundle_without_a_fit_of_writing_tells_by_rules() -> None:
    refused = replace(example(0, right=True), by_rules=False)
    assert report([refused], Trust())["all"]["exact"] == 0
    assert report([replace(refused, by_rules=True)], Trust())["all"]["exact"] == 1


def test_without_photos_of_no_digits_nothing_is_learnt_of_them() -> None:
    assert fit_writing(examples(), seed=7) is None
    assert fit_writing([mistaken(0, sure=0.1)], seed=7) is None


def test_the_bundle_says_afterwards_what_was_fitted(tmp_path: Path) -> None:
    card = {"version": "abc", "calibration": {"temperature": 0.7}, "metrics": {"kept": 1}}
    (tmp_path / "model.json").write_text(json.dumps(card))
    trust = Trust(1.2, 0.3, -2.0, {"named": 0.5}, 0.96, Writing(-1.0, {"heard": 2.0}, 0.7))
    write(trust, tmp_path, {"seed": 7})
    assert bundled(tmp_path) == trust
    written = json.loads((tmp_path / "model.json").read_text())
    assert written["calibration"]["temperature"] == 0.7
    assert written["metrics"] == {"kept": 1}
    assert written["confidence"]["seed"] == 7


def test_a_reading_that_may_not_be_sure_is_no_silent_error() -> None:
    wrong = example(0, right=False)
    eager = Trust(sure_from=0.0)
    assert report([wrong], eager)["all"]["silent"] == 1
    assert report([replace(wrong, allowed=False)], eager)["all"]["silent"] == 0


def test_a_report_names_every_group() -> None:
    text = as_text(report([example(0, right=True)], Trust()))
    assert "easy" in text and "calibration error" in text


def test_a_photo_without_digits_has_no_signs() -> None:
    blank = cv2.imencode(".jpg", np.full((200, 300, 3), 220, np.uint8))[1].tobytes()
    seen = example_of(blank, Labelled(Path("blank.jpg"), "negative", ""), load_model())
    assert seen.right
    assert (seen.text, seen.signs, seen.allowed) == ("", {}, False)


def test_each_digit_read_is_matched_with_the_truth(sources: Sources) -> None:
    photo = render(sources, 5, Plan(texts=("4829",), hardness=0.0))
    seen = example_of(photo.jpeg(), Labelled(Path("5.jpg"), "easy", "4829"), load_model())
    assert len(seen.mixed) == len(seen.digits) == len(seen.text.replace("|", ""))
    assert seen.right == (seen.digits == [4, 8, 2, 9] == [int(c) for c in seen.text])
    assert np.array(seen.mixed).sum(axis=1) == pytest.approx(1, abs=1e-3)


def made(index: int) -> Example:
    return example(index, right=True)


def never(index: int) -> Example:
    raise AssertionError(f"{index} was made before")


def test_a_run_that_was_broken_off_goes_on(tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    first = each(made, range(2), kept, 1, NullProgress())
    with kept.open("a") as file:
        file.write('{"name": "torn')
    more = each(made, range(3), kept, 1, NullProgress())
    assert more[:2] == first and len(more) == 3
    assert each(never, range(3), kept, 1, NullProgress()) == more


def test_other_networks_or_other_code_are_another_state(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text('{"calibration": {"temperature": 1.0}}')
    (tmp_path / "digits.onnx").write_bytes(b"one")
    state = partial(state_of, tmp_path, (tmp_path,))
    before = state()
    assert state() == before
    (tmp_path / "digits.onnx").write_bytes(b"other")
    assert state() != before
    between = state()
    (tmp_path / "code.py").write_text("pass")
    assert state() != between

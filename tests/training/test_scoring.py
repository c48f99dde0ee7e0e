# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.scoring import (
    Outcome,
    distance,
    measure,
    read_labels,
    risk_coverage,
    score_folder,
    summarise,
)
from vision.reading import Box, Digit, Line, Problem, Reading


def reading(text: str, *, sure: bool = True, confidence: float = 0.99) -> Reading:
    lines = tuple(
        Line(tuple(Digit(int(value), 0.99, (), Box(0, 0, 1, 1)) for value in line))
        for line in text.split("|")
        if line
    )
    problems = () if lines else (Problem.NO_DIGITS,)
    return Reading(lines, sure, confidence, problems, 0, "test", 1.0)


def outcome(text: str, label: str, *, sure: bool = True, group: str = "core") -> Outcome:
    return Outcome("a.jpg", group, label, text, sure, 0.9, (), 2.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = ["file,group,label", "a.jpg,core,12 34|5", "b.jpg,core,77", "c.jpg,negative,"]
    (tmp_path / "labels.csv").write_text("\n".join(rows) + "\n")
    for name in "abc":
        (tmp_path / f"{name}.jpg").write_bytes(name.encode())
    return tmp_path


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("", "", 0), ("123", "", 3), ("123", "123", 0), ("123", "13", 1), ("197", "717", 2)],
)
def test_distance_counts_edits(one: str, other: str, edits: int) -> None:
    assert distance(one, other) == edits


def test_line_breaks_and_gaps_do_not_count() -> None:
    assert outcome("1234|5", "12 34|5").exact
    assert outcome("12345", "12 34|5").exact


def test_labels_name_photos_beside_them(folder: Path) -> None:
    photos = read_labels(folder)
    assert (photos[0].path.name, photos[0].label) == ("a.jpg", "12 34|5")
    assert all(p.path.exists() for p in photos)


def test_a_sure_and_wrong_reading_is_a_silent_error() -> None:
    assert outcome("77", "71").silent_error
    assert not outcome("77", "71", sure=False).silent_error
    assert outcome("1", "", group="negative").silent_error
    assert not outcome("", "", group="negative").silent_error


def test_a_folder_is_scored_as_the_bench_prints_it(folder: Path) -> None:
    answers = {b"a": reading("1234|5"), b"b": reading("71"), b"c": reading("", sure=False)}
    score = score_folder(folder, answers.__getitem__)
    assert (score["photos"], score["exact"], score["sure"], score["silent_errors"]) == (3, 2, 2, 1)
    assert score["cer"] == round(1 / 7, 4)
    assert score["groups"]["negative"] == {
        "photos": 1, "exact": 1, "cer": None, "sure": 0, "silent_errors": 0,
    }  # fmt: skip
    assert set(score["ms"]) == {"p50", "p95"}
    assert score["photos_per_second"] > 0 and score["peak_rss_mb"] > 1
    json.dumps(score)


def test_outcomes_keep_what_the_reader_said(folder: Path) -> None:
    first, *_, last = measure(read_labels(folder), lambda data: reading("", sure=False))
    assert (first.text, first.label, first.problems) == ("", "12 34|5", ("no_digits",))
    assert last.exact


def test_no_photos_still_make_a_score() -> None:
    assert summarise([])["photos"] == 0


def test_risk_falls_when_the_doubtful_are_left_out() -> None:
    good = Outcome("a", "core", "1", "1", True, 0.9, (), 1.0)
    bad = Outcome("b", "core", "1", "7", False, 0.2, (), 1.0)
    assert risk_coverage([bad, good]) == [(0.5, 0.0), (1.0, 0.5)]

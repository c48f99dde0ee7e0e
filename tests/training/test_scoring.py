# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from pathlib import Path

import pytest
from fake_readers import outcome, write_folder

from training.scoring import Answer, answer_of, measure, read_labels, summarise
from vision.reading import Box, Digit, Line, Problem, Reading


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(
        tmp_path, [("core", "12 34|5", "1234|5"), ("core", "77", "71"), ("negative", "", "")]
    )


def echo(photo: bytes) -> Answer:
    return Answer(photo.decode(), sure=bool(photo), confidence=0.9)


def test_line_breaks_and_gaps_do_not_count() -> None:
    assert outcome("1234|5", "12 34|5").exact
    assert outcome("12345", "12 34|5").exact


def test_labels_name_photos_beside_them(folder: Path) -> None:
    photos = read_labels(folder)
    assert (photos[0].path.name, photos[0].label) == ("0.jpg", "12 34|5")
    assert all(photo.path.exists() for photo in photos)


def test_a_sure_and_wrong_reading_is_a_silent_error() -> None:
    assert outcome("77", "71").silent_error
    assert not outcome("77", "71", sure=False).silent_error
    assert outcome("1", "", group="negative").silent_error
    assert not outcome("", "", group="negative").silent_error


def test_a_folder_is_scored_as_the_bench_prints_it(folder: Path) -> None:
    score = summarise(list(measure(read_labels(folder), echo)), 99.96)
    assert (score["photos"], score["exact"], score["sure"], score["silent_errors"]) == (3, 2, 2, 1)
    assert score["cer"] == round(1 / 7, 4)
    assert score["groups"]["negative"] == {
        "photos": 1, "exact": 1, "cer": None, "sure": 0, "silent_errors": 0,
    }  # fmt: skip
    assert set(score["ms"]) == {"p50", "p95"}
    assert score["photos_per_second"] > 0 and score["peak_rss_mb"] == 100.0
    json.dumps(score)


def test_an_answer_keeps_what_the_reading_said() -> None:
    digit = Digit(4, 0.97, (), Box(0, 0, 1, 1))
    reading = Reading((Line((digit,)),), True, 0.95, (Problem.GLARE,), 0, "test", 1.0)
    assert answer_of(reading) == Answer("4", True, 0.95, ("glare",), (0.97,))


def test_outcomes_keep_what_the_reader_said(folder: Path) -> None:
    first, *_, last = measure(read_labels(folder), lambda _: Answer("", False, 0.1, ("glare",)))
    assert (first.text, first.label, first.problems) == ("", "12 34|5", ("glare",))
    assert last.exact and last.ms >= 0


def test_no_photos_still_make_a_score() -> None:
    assert summarise([], 1.0)["photos"] == 0

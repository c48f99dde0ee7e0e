# SPDX-License-Identifier: Apache-2.0
"""What passes between workers and a training: files that are there as a whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from training.files import write_whole
from training.loop import (
    Amounts,
    Crop,
    Ending,
    Plan,
    Pulse,
    Result,
    TakeOut,
    TestPhoto,
    read_beat,
)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return Plan(
        work=tmp_path / "work",
        champion=tmp_path / "champion",
        frozen=tmp_path / "frozen",
        snapshots=tmp_path / "snapshots",
        data=tmp_path / "data",
        tracking_url="sqlite://",
        artifacts=tmp_path / "artifacts",
        candidates=("tuned",),
        amounts=Amounts(epochs=1),
    )


def test_a_plan_is_read_as_it_was_written(plan: Plan, tmp_path: Path) -> None:
    plan.save(tmp_path / "plan.json")
    assert Plan.load(tmp_path / "plan.json") == plan


def test_a_plan_with_a_word_nobody_knows_is_refused(plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    plan.save(path)
    path.write_text(path.read_text().replace('"seed"', '"sed"'))
    with pytest.raises(ValueError, match="sed"):
        Plan.load(path)


def test_what_could_not_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, b"old")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError):
        write_whole(tmp_path / "folder", b"new")
    assert path.read_bytes() == b"old"


def test_a_pulse_says_where_a_training_is(tmp_path: Path) -> None:
    pulse = Pulse(tmp_path / "beat.json", "train")
    pulse.begin("tuned: epoch 2", 40)
    beat = read_beat(tmp_path / "beat.json")
    assert beat is not None
    assert (beat.step, beat.job, beat.done, beat.total) == ("train", "tuned: epoch 2", 0, 40)
    assert beat.eta_s is None


def test_before_the_first_beat_there_is_none(tmp_path: Path) -> None:
    assert read_beat(tmp_path / "beat.json") is None


def test_a_pulse_that_cannot_be_written_stops_no_training(tmp_path: Path) -> None:
    (tmp_path / "beat.json").mkdir()
    Pulse(tmp_path / "beat.json", "train").advance()


def test_a_result_is_read_as_it_was_written(tmp_path: Path) -> None:
    result = Result(Ending.REFUSED, ("worse on 7",), "abc", candidate="tuned", version=3)
    result.save(tmp_path / "result.json")
    assert Result.load(tmp_path / "result.json") == result


def test_a_take_out_holds_crops_and_photos_in_the_order_of_their_ids(tmp_path: Path) -> None:
    takeout = TakeOut(tmp_path)
    second = Crop("b", 7, "keyed", "2026-11-22")
    takeout.add_crop(second, b"png of b")
    takeout.add_crop(replace(second, id="a", label="denied"), b"png of a")
    photo = TestPhoto("p", "482|915", "keyed", "writer 1", "2026-11-22", True)
    takeout.add_photo(photo, b"jpeg")
    assert [crop.id for crop in takeout.crops()] == ["a", "b"]
    assert takeout.crops()[1] == second
    assert takeout.png(second) == b"png of b"
    assert takeout.photos() == [photo]
    assert takeout.photo(photo) == b"jpeg"


def test_an_empty_take_out_holds_nothing(tmp_path: Path) -> None:
    takeout = TakeOut(tmp_path)
    assert takeout.crops() == []
    assert takeout.photos() == []

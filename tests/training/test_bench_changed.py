# SPDX-License-Identifier: Apache-2.0
"""Photos taken otherwise: what each change does, and how the outcomes are counted."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from training.bench.boxed import BOXED
from training.bench.changed import NAMES, Borne, measure_changed
from training.bench.changed_page import TITLE, section
from training.bench.changes import AS_IT_IS, CHANGES, Pixels
from training.bench.cost_photos import jpeg_of, page_of
from vision import Box


@pytest.fixture(scope="module")
def photo() -> Pixels:
    """Grey paper, as high as half its width, with a dark corner at the top left."""
    page = np.full((200, 400, 3), 180, np.uint8)
    page[:40, :40] = 30
    return page


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_makes_a_photo_and_always_the_same(name: str, photo: Pixels) -> None:
    before = photo.copy()
    first, second = CHANGES[name](photo), CHANGES[name](photo)
    assert first.dtype == np.uint8 and first.ndim == 3
    assert np.array_equal(first, second)
    assert np.array_equal(photo, before)
    assert np.array_equal(first, photo) == (name == AS_IT_IS)


@pytest.mark.parametrize(
    ("name", "corner"),
    [("turned by 90", (-1, 0)), ("turned by 180", (-1, -1)), ("turned by 270", (0, -1))],
)
def test_quarters_are_turned_counter_clockwise(
    name: str, corner: tuple[int, int], photo: Pixels
) -> None:
    assert CHANGES[name](photo)[corner].max() < 60


def test_what_lies_aslant_is_whole(photo: Pixels) -> None:
    turned = CHANGES["aslant by 25"](photo)
    assert (turned < 60).all(axis=2).sum() >= 40 * 40
    assert min(turned.shape[:2]) > 200


def test_lamps_leave_one_side_dark_and_shadows_half(photo: Pixels) -> None:
    lamp, shadow = CHANGES["a lamp"](photo), CHANGES["a shadow"](photo)
    assert lamp[60, -60].mean() > 5 * lamp[-20, 20].mean()
    assert shadow[60, 80].mean() > 2 * shadow[-5, -5].mean()


def test_glare_blots_out_one_place(photo: Pixels) -> None:
    glare = CHANGES["glare"](photo)
    assert glare[80, 260].min() > 250
    assert np.array_equal(glare[-5:, :5], photo[-5:, :5])


def test_a_photo_from_the_side_has_its_corners_elsewhere(photo: Pixels) -> None:
    side = CHANGES["from the side"](photo)
    assert side.shape == photo.shape
    assert side[25, 70].max() < 60


@pytest.mark.parametrize(("name", "walls"), [("in boxes", 4), ("in a comb", 3)])
def test_boxes_are_drawn_around_the_digits_of_a_line(name: str, walls: int, photo: Pixels) -> None:
    digits = [Box(100, 80, 40, 60), Box(200, 80, 40, 60)]
    before = photo.copy()
    form = BOXED[name](photo, [digits])
    assert np.array_equal(photo, before)
    dark = form[110, :, 0] < 100
    assert np.count_nonzero(np.diff(dark.astype(int)) > 0) == walls
    assert not dark[100:140].any() and not dark[200:240].any()


@pytest.mark.parametrize("name", BOXED)
def test_where_no_digit_was_read_nothing_is_drawn(name: str, photo: Pixels) -> None:
    assert np.array_equal(BOXED[name](photo, []), photo)


def test_outcomes_are_counted_by_change_and_by_what_is_on_the_photo(tmp_path: Path) -> None:
    page, digits = page_of(5)
    (tmp_path / "five.jpg").write_bytes(jpeg_of(page, 0.3))
    (tmp_path / "bare.jpg").write_bytes(jpeg_of(np.full_like(page, 220), 0.3))
    (tmp_path / "other.jpg").write_bytes(b"never read")
    with (tmp_path / "labels.csv").open("w", newline="") as file:
        rows = [("five.jpg", "core", digits), ("bare.jpg", "negative", ""), ("other.jpg", "x", "1")]
        csv.writer(file).writerows([("file", "group", "label"), *rows])
    borne = {one.change: one for one in measure_changed(tmp_path, ("core", "negative"), 1)}
    assert list(borne) == list(NAMES)
    assert borne[AS_IT_IS].digits[:2] == (1, 1)
    assert all(one.digits[0] == 1 and one.others == (1, 1, 0, 0) for one in borne.values())


def test_a_file_that_is_no_photo_is_wrong_under_every_change(tmp_path: Path) -> None:
    (tmp_path / "note.jpg").write_text("call me back")
    (tmp_path / "labels.csv").write_text("file,group,label\nnote.jpg,core,12\n")
    borne = measure_changed(tmp_path, (), 1)
    assert {one.digits for one in borne} == {(1, 0, 0, 0)}


@pytest.mark.parametrize(
    ("groups", "command"), [(("core", "single"), "DIR --groups core,single`"), ((), "DIR`")]
)
def test_the_page_has_the_command_and_a_row_for_each_change(
    groups: tuple[str, ...], command: str
) -> None:
    none = (0, 0, 0, 0)
    borne = [Borne(AS_IT_IS, (40, 35, 23, 0), none), Borne("shaken", (40, 29, 21, 1), none)]
    text = section(borne, groups)
    assert text.startswith(f"## {TITLE}\n")
    assert f"`sonsori bench changed {command}\n" in text
    rows = ["| as it is | 40 | 35 | 23 | 0 |", "| shaken | 40 | 29 | 21 | 1 |"]
    assert text.rstrip().splitlines()[-2:] == rows

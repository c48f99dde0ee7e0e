# SPDX-License-Identifier: Apache-2.0
"""Whole readings of photos with known truth."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest
from drawing import Pixels, encoded, paper, write

from vision import Model, Problem, Reading, read

NUMBER = "482915"


def reading(page: Pixels, model: Model) -> Reading:
    return read(encoded(page, quality=92), model)


@pytest.mark.parametrize("height", [30, 90, 300])
def test_writing_of_any_size_is_read(height: int, model: Model) -> None:
    page = write(paper(2000, 600), NUMBER, (40, 100), height=height)
    assert reading(page, model).text == NUMBER


@pytest.mark.parametrize("quarters", [0, 1, 3])
def test_a_turned_photo_is_turned_back(quarters: int, model: Model) -> None:
    page = write(paper(1000, 400), NUMBER, (80, 140))
    found = reading(np.ascontiguousarray(np.rot90(page, quarters)), model)
    assert found.text == NUMBER
    assert found.rotation == (360 - 90 * quarters) % 360


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
@pytest.mark.parametrize("digits", ["4", "9987"])
def test_a_few_digits_tell_which_way_up_they_stand(
    digits: str, quarters: int, model: Model
) -> None:
    page = write(paper(600, 400), digits, (100, 120), height=60)
    found = reading(np.ascontiguousarray(np.rot90(page, quarters)), model)
    assert (found.text, found.rotation) == (digits, (360 - 90 * quarters) % 360)


@pytest.mark.parametrize("degrees", [-40, 25])
def test_1s_at_the_ends_of_a_number_aslant_are_read(degrees: float, model: Model) -> None:
    page = write(paper(1000, 1000), "1482951", (180, 460))
    move = cv2.getRotationMatrix2D((500, 500), degrees, 1)
    aslant = cv2.warpAffine(page, move, (1000, 1000), borderMode=cv2.BORDER_REPLICATE)
    assert reading(np.asarray(aslant, np.uint8), model).text == "1482951"


def test_a_number_under_a_lamp_is_read_into_the_dark(model: Model) -> None:
    page = write(paper(900, 400), NUMBER, (80, 140))
    y, x = np.mgrid[-1:1:400j, -1:1:900j]
    light = 1.15 * np.exp(-1.2 * ((x - 0.7) ** 2 + (y + 0.3) ** 2))
    lamp = (page * np.clip(light, 0, 1)[..., None]).astype(np.uint8)
    assert lamp[:, :200].mean() < 40
    assert reading(lamp, model).text == NUMBER


@pytest.mark.parametrize("ground", [30, 105, 120, 140])
def test_light_writing_on_a_darker_ground_is_read(ground: int, model: Model) -> None:
    page = write(paper(shade=ground), NUMBER, (80, 140), height=40, ink=(235, 235, 225))
    assert reading(page, model).text == NUMBER


def test_lines_keep_their_order(model: Model) -> None:
    page = write(write(paper(900, 500), NUMBER, (60, 60)), "7036", (60, 280))
    assert reading(page, model).text == f"{NUMBER}|7036"


def test_rising_writing_is_followed(model: Model) -> None:
    page = write(paper(1000, 500), NUMBER, (80, 300), slope=-0.25)
    assert reading(page, model).text == NUMBER


def test_digits_in_boxes_are_read(model: Model) -> None:
    page = write(paper(1000, 400), NUMBER, (95, 140), pitch=1.5)
    for column in range(7):
        x = 60 + column * 135
        cv2.line(page, (x, 110), (x, 260), (70, 70, 70), 3)
    for y in (110, 260):
        cv2.line(page, (60, y), (870, y), (70, 70, 70), 3)
    assert reading(page, model).text == NUMBER


@pytest.mark.parametrize(("text", "first", "apart"), [("731417", 60, 45), ("35198", 70, 80)])
def test_a_1_from_rule_to_rule_is_read(text: str, first: int, apart: int, model: Model) -> None:
    page = paper(1000, 440)
    for y in range(first, 440, apart):
        cv2.line(page, (0, y), (1000, y), (120, 120, 150), 2)
    assert reading(write(page, text, (80, 140)), model).text == text


def test_a_dark_screen_is_read(model: Model) -> None:
    assert reading(255 - write(paper(), NUMBER, (80, 140)), model).text == NUMBER


@pytest.mark.parametrize("text", ["86080", "8888888"])
def test_light_digits_on_black_are_not_taken_for_their_halos(text: str, model: Model) -> None:
    page = 255 - write(
        paper(600, 800, shade=255), text, (20, 500), height=50, pitch=1.5, ink=(0, 0, 0)
    )
    page[page.max(axis=2) < 40] = 0  # black to the last bit: what JPEG adds shines
    assert read(encoded(page, quality=75), model).text == text


def test_halos_that_read_better_than_the_digits_they_surround_are_not_told(model: Model) -> None:
    page = write(paper(900, 1200, shade=255), "8888888", (20, 900), height=44, pitch=2.2)
    page = 255 - np.where(page < 200, 0, 255).astype(np.uint8)
    assert read(encoded(page, quality=60), model).text == "8888888"


def test_boxes_lie_on_the_digits_of_the_photo_sent(model: Model) -> None:
    page = write(paper(3000, 1200), NUMBER, (300, 400), height=240)
    for place, digit in enumerate(reading(page, model).digits):
        x = 300 + place * 240 + 240 * 0.31
        assert digit.box.x - 25 < x < digit.box.x + digit.box.w + 25
        assert digit.box.y == pytest.approx(400, abs=25)
        assert digit.box.h == pytest.approx(240, abs=40)


def test_probabilities_are_probabilities(model: Model) -> None:
    for digit in reading(write(paper(), NUMBER, (80, 140)), model).digits:
        every = [digit.p, *(other.p for other in digit.alternatives)]
        assert all(0 <= p <= 1 for p in every)
        assert sum(every) <= 1.001
        assert digit.value not in {other.value for other in digit.alternatives}


def test_a_number_beside_writing_that_was_not_read_is_not_sure(model: Model) -> None:
    page = write(paper(900, 600), NUMBER, (60, 60))
    alone = reading(page, model)
    assert (alone.sure, alone.more_seen) == (True, False)
    beside = page.copy()
    cv2.putText(beside, "KWMHX", (60, 480), cv2.FONT_HERSHEY_SIMPLEX, 6, (35, 35, 60), 8)
    seen = reading(beside, model)
    assert (seen.text, seen.sure, seen.more_seen) == (NUMBER, False, True)


@pytest.mark.parametrize("height", [22, 36, 60])
def test_a_clear_number_is_read_however_small_beside_another(height: int, model: Model) -> None:
    page = write(paper(900, 700), NUMBER, (60, 60))
    both = reading(write(page, "3862758", (60, 400), height=height), model)
    assert both.text == f"{NUMBER}|3862758"


@pytest.mark.parametrize("pitch", [0.2, 0.25])
def test_digits_that_are_seen_and_cannot_be_read_leave_nothing_sure(
    pitch: float, model: Model
) -> None:
    page = write(paper(900, 700), NUMBER, (60, 60))
    alone = reading(page, model)
    assert (alone.sure, alone.more_seen) == (True, False)
    tangled = reading(write(page, "3862758", (60, 400), pitch=pitch), model)
    assert (tangled.text, tangled.sure, tangled.more_seen) == (NUMBER, False, True)


@pytest.mark.parametrize("pitch", [0.35, 0.45])
def test_digits_written_half_over_each_other_are_read(pitch: float, model: Model) -> None:
    page = write(paper(900, 400), "3862758", (60, 140), pitch=pitch)
    assert reading(page, model).text == "3862758"


def test_every_digit_offers_something_else_for_a_caller_who_says_no(model: Model) -> None:
    found = reading(write(paper(900, 300), NUMBER, (60, 60)), model)
    for digit in found.digits:
        chances = [other.p for other in digit.alternatives]
        assert len(chances) == 3
        assert chances == sorted(chances, reverse=True)
    assert found.next_best(frozenset({found.text})) not in (None, found.text)


@pytest.mark.parametrize(("text", "other"), [("6", 9), ("9", 6)])
def test_a_lone_digit_that_is_another_on_its_head_is_told_as_either(
    text: str, other: int, model: Model
) -> None:
    found = reading(write(paper(), text, (280, 140)), model)
    (digit,) = found.lines[0].digits
    assert (str(digit.value), found.sure) == (text, False)
    assert digit.alternatives[0].value == other
    assert digit.alternatives[0].p > 0.05
    assert len({digit.value, *(a.value for a in digit.alternatives)}) == 4


def test_bare_paper_has_no_digits_and_is_not_sure(model: Model) -> None:
    found = reading(paper(), model)
    assert (found.text, found.sure) == ("", False)
    assert Problem.NO_DIGITS in found.problems


@pytest.mark.parametrize("seed", range(4))
def test_textures_have_no_digits(seed: int, model: Model) -> None:
    random = np.random.default_rng(seed)
    field = cv2.GaussianBlur(random.random((500, 700, 3)), (0, 0), 1.5 + 2 * seed)
    texture = cv2.normalize(field, None, 0, 255, cv2.NORM_MINMAX).astype(np.uint8)
    found = reading(texture, model)
    assert not found.sure
    assert found.text == ""


def test_a_digit_at_the_edge_is_called_cut_off(model: Model) -> None:
    page = write(paper(), NUMBER, (80, 140))
    found = reading(np.ascontiguousarray(page[:, 105:]), model)
    assert Problem.CUT_OFF_LEFT in found.problems
    assert not found.sure


def test_writing_in_the_dark_is_called_dark(model: Model) -> None:
    black = np.random.default_rng(1).integers(0, 12, (300, 400, 3)).astype(np.uint8)
    assert Problem.TOO_DARK in reading(black, model).problems


def test_a_blurred_photo_is_called_blurred(model: Model) -> None:
    page = cv2.GaussianBlur(write(paper(), NUMBER, (80, 140)), (0, 0), 18)
    found = reading(np.asarray(page, np.uint8), model)
    assert not found.sure
    assert Problem.BLURRED in found.problems


def test_a_reading_survives_json(model: Model) -> None:
    found = reading(write(paper(), NUMBER, (80, 140)), model)
    again = Reading.from_dict(json.loads(json.dumps(found.as_dict())))
    assert again.text == found.text
    assert again.as_dict() == found.as_dict()


def test_the_same_photo_reads_the_same_twice(model: Model) -> None:
    photo = encoded(write(paper(), NUMBER, (80, 140)))
    assert read(photo, model) == read(photo, model)

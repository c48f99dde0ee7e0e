# SPDX-License-Identifier: Apache-2.0
"""What speaks for and against a reading, on photos with known truth."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from drawing import Pixels, encoded, paper, write

from vision import Model
from vision.agree import Told
from vision.findings import Findings
from vision.opinions import Agreed
from vision.photo import Photo
from vision.quality import judge
from vision.reader import examine
from vision.reading import Box, Problem
from vision.signs import RANGES, Sign, signs_of
from vision.single import Sighting
from vision.triage import cut_off, faults_of_light, in_order
from vision.trust import Trust, Writing
from vision.unread import _no_darker, unread

NUMBER = "482915"
EAGER = Trust(sure_from=0.0)
DOUBTING = replace(EAGER, writing=Writing(0.0, {}, 0.6))  # takes nothing for digits


def found_in(page: Pixels, model: Model) -> Findings:
    found = examine(encoded(page, quality=92), model)
    assert isinstance(found, Findings)
    return found


@pytest.fixture(scope="module")
def plain(model: Model) -> Findings:
    return found_in(write(paper(), NUMBER, (80, 140)), model)


def without_first_digit(found: Findings) -> Findings:
    line = replace(found.lines[0], digits=found.lines[0].digits[1:])
    return replace(found, lines=(line, *found.lines[1:]))


def test_every_sign_is_within_its_range(plain: Findings) -> None:
    signs = signs_of(plain)
    assert set(signs) == set(Sign)
    assert all(low <= signs[sign] <= high for sign, (low, high) in RANGES.items())


def test_a_page_read_whole_leaves_nothing(plain: Findings) -> None:
    left = unread(plain)
    assert left.share < 0.05
    assert (left.near, left.far) == (0, 0)


def test_a_digit_passed_over_is_seen_as_ink_near_the_others(plain: Findings) -> None:
    left = unread(without_first_digit(plain))
    assert (left.near, left.far) == (1, 0)
    assert 0.05 < left.share < 0.4


def test_a_digit_passed_over_is_missed_where_the_finder_saw_one(plain: Findings) -> None:
    assert unread(plain).seen < 0.1
    assert unread(without_first_digit(plain)).seen > 0.4


def test_a_digit_passed_over_beside_the_others_speaks_against_a_reading(plain: Findings) -> None:
    assert signs_of(plain)[Sign.NOTHING_BESIDE] == 0
    assert signs_of(without_first_digit(plain))[Sign.NOTHING_BESIDE] == -1


def test_a_digit_passed_over_in_a_row_leaves_nothing_sure(plain: Findings) -> None:
    assert (unread(plain).in_row, unread(without_first_digit(plain)).in_row) == (0, 1)
    verdict = judge(without_first_digit(plain), EAGER)
    assert judge(plain, EAGER).sure
    assert (verdict.readable, verdict.sure, verdict.more_seen) == (True, False, True)


@pytest.mark.parametrize(("part", "stands"), [(1.0, 1), (0.7, 1), (0.5, 0)])
def test_a_stroke_in_a_row_that_nobody_sees_counts_if_it_is_as_dark(
    part: float, stands: int, plain: Findings
) -> None:
    assert plain.page.digits is not None
    contrast = plain.page.contrast.copy()
    x, y, w, h = (round(value / plain.scale) for value in plain.lines[0].digits[0].box)
    first = np.s_[y - 5 : y + h + 5, x - 5 : x + w + 5]
    contrast[first] = (contrast[first] * part).astype(np.uint8)
    blind = replace(plain.page, contrast=contrast, digits=np.zeros_like(plain.page.digits))
    assert unread(without_first_digit(replace(plain, page=blind))).in_row == stands


def test_a_digit_passed_over_below_a_row_stands_in_none(model: Model) -> None:
    two = found_in(write(write(paper(), NUMBER, (80, 60)), "7", (300, 220)), model)
    above = replace(two, lines=two.lines[:1])
    assert len(two.lines) == 2
    assert (unread(above).near, unread(above).in_row) == (1, 0)


def test_digits_that_read_upside_down_as_well_are_told(model: Model) -> None:
    either, one = (found_in(write(paper(), n, (80, 140)), model) for n in ("609806", "473427"))
    assert either.upside_down > one.upside_down
    assert signs_of(either)[Sign.ONE_WAY_UP] < signs_of(one)[Sign.ONE_WAY_UP]


def test_a_line_beside_another_is_told_from_one_below_it(plain: Findings, model: Model) -> None:
    below = found_in(write(write(paper(900, 900), NUMBER, (80, 60)), "7315", (80, 700)), model)
    line = plain.lines[0]
    beside = replace(
        plain,
        lines=(replace(line, digits=line.digits[:3]), replace(line, digits=line.digits[3:])),
    )
    apart = [signs_of(found)[Sign.LINES_APART] for found in (plain, below, beside)]
    assert apart[0] == apart[1] == RANGES[Sign.LINES_APART][1]
    assert apart[2] < apart[0]


def test_a_line_passed_over_is_seen_as_ink_far_from_the_others(model: Model) -> None:
    page = write(write(paper(900, 900), NUMBER, (80, 60)), "7", (80, 700))
    found = found_in(page, model)
    first = replace(found, lines=found.lines[:1])
    assert unread(first).far == 1


def test_ink_is_found_on_a_page_that_was_turned(model: Model) -> None:
    page = np.ascontiguousarray(np.rot90(write(paper(1000, 400), NUMBER, (80, 140))))
    found = found_in(page, model)
    assert found.turns
    assert unread(found).share < 0.05
    assert unread(without_first_digit(found)).near == 1


def test_a_doubtful_digit_shows(plain: Findings) -> None:
    line = plain.agreed[0]
    told = line.line.told
    decoded = told.decoded
    wrong = np.full(11, 0.1, np.float32)
    choices = (replace(decoded.choices[0], probabilities=wrong), *decoded.choices[1:])
    doubtful = replace(told, decoded=replace(decoded, choices=choices))
    doubted = replace(line, line=replace(line.line, told=doubtful))
    signs = signs_of(replace(plain, agreed=(doubted,)))
    assert signs[Sign.NAMED] < 0 < signs_of(plain)[Sign.NAMED]


def as_told(found: Findings, told: Told) -> Findings:
    """`found`, of one line, with what the readers make of that changed."""
    (line,) = found.agreed
    return replace(found, agreed=(Agreed(replace(line.line, told=told), line.choices),))


def test_a_reading_on_which_no_two_readers_agree_is_never_sure(plain: Findings) -> None:
    assert judge(plain, EAGER).sure
    told = plain.agreed[0].line.told
    assert told.transcript is not None and told.sighting is not None
    deaf = replace(told, transcript=replace(told.transcript, values=(), probabilities=()))
    blind = replace(told, sighting=Sighting((), ()))
    alone = replace(deaf, sighting=blind.sighting)
    sure = [judge(as_told(plain, one), EAGER).sure for one in (deaf, blind, alone)]
    assert sure == [True, True, False]


def test_a_reading_with_a_digit_cut_through_is_never_sure(plain: Findings) -> None:
    verdict = judge(replace(plain, left_out=(Box(0, 100, 30, 80),)), EAGER)
    assert not verdict.sure
    assert verdict.problems == (Problem.CUT_OFF_LEFT,)
    assert verdict.readable


def test_a_reading_beside_a_stroke_along_the_frame_is_never_sure(model: Model) -> None:
    page = write(write(paper(), "1", (80, 140)), NUMBER, (170, 140))
    found = found_in(np.ascontiguousarray(page[:, 103:]), model)
    assert found.lines[0].text == NUMBER
    verdict = judge(found, EAGER)
    assert (verdict.sure, verdict.problems) == (False, (Problem.CUT_OFF_LEFT,))


@pytest.mark.parametrize(("value", "x", "sure"), [(1, 3, False), (1, 12, True), (7, 3, True)])
def test_a_1_at_the_frame_may_be_the_rest_of_any_digit(
    plain: Findings, value: int, x: int, sure: bool
) -> None:
    first, *rest = plain.lines[0].digits
    edge = replace(first, value=value, p=0.99, box=first.box._replace(x=x))
    lines = (replace(plain.lines[0], digits=(edge, *rest)),)
    bare = np.zeros_like(plain.page.contrast)  # where it stood before, no ink is to be left
    page = replace(plain.page, contrast=bare, detected=None, digits=None)
    moved = replace(plain, lines=lines, page=page)
    assert judge(moved, EAGER).sure is sure


@pytest.mark.parametrize(("text", "sure"), [("6", False), ("9", False), ("7", True), ("69", True)])
def test_a_lone_6_or_9_is_never_sure_for_the_paper_may_lie_on_its_head(
    text: str, sure: bool, model: Model
) -> None:
    found = found_in(write(paper(), text, (280, 140)), model)
    assert judge(found, EAGER).sure is sure


@pytest.mark.parametrize(("text", "sure"), [("4", False), ("47", True)])
def test_a_digit_alone_for_which_the_photo_was_turned_is_never_sure(
    text: str, sure: bool, model: Model
) -> None:
    found = found_in(np.ascontiguousarray(np.rot90(write(paper(), text, (280, 140)))), model)
    assert found.turns == 3
    assert judge(found, EAGER).sure is sure


def test_below_the_threshold_digits_are_given_but_not_sure(plain: Findings) -> None:
    verdict = judge(plain, Trust(sure_from=0.9))
    assert (verdict.readable, verdict.sure) == (True, False)
    assert verdict.confidence == pytest.approx(0.5)


def test_what_is_likely_no_digit_is_not_told(model: Model) -> None:
    found = found_in(write(paper(), "42", (200, 140)), model)
    verdict = judge(found, DOUBTING)
    assert (verdict.readable, verdict.sure) == (False, False)
    assert Problem.NO_DIGITS in verdict.problems
    assert judge(found, replace(DOUBTING, writing=Writing(0.0, {}, 0.4))).readable


def test_so_many_good_digits_are_told_whatever_speaks_against_them(plain: Findings) -> None:
    assert judge(plain, DOUBTING).readable


def test_a_second_reader_who_sees_other_digits_speaks_against_a_reading(plain: Findings) -> None:
    line = plain.agreed[0]
    assert line.transcript is not None
    deaf = replace(line.transcript, values=(), probabilities=())
    signs = signs_of(as_told(plain, replace(line.line.told, transcript=deaf)))
    assert (signs[Sign.HEARD], signs[Sign.AT_ONE]) == (0.0, pytest.approx(2 / 3))
    assert signs_of(plain)[Sign.HEARD] == pytest.approx(np.log(7), abs=0.1)
    assert signs_of(plain)[Sign.AT_ONE] == 1.0


def test_problems_are_told_in_the_order_of_their_harm() -> None:
    told = in_order({Problem.TOO_SMALL, Problem.GLARE, Problem.BLURRED, Problem.CUT_OFF_TOP})
    assert told == (Problem.CUT_OFF_TOP, Problem.BLURRED, Problem.GLARE, Problem.TOO_SMALL)


def test_a_digit_in_the_middle_is_not_cut_off(plain: Findings) -> None:
    assert not cut_off(plain.photo, tuple(d.box for d in plain.lines[0].digits))


def test_blur_is_looked_for_at_the_digits(plain: Findings) -> None:
    blurred = cv2.GaussianBlur(plain.photo.pixels, (0, 0), 14)
    blurred[300:, ::40] = 0  # a sharp fence below the blurred note
    behind = replace(plain, photo=Photo(np.asarray(blurred, np.uint8), 1.0))
    assert Problem.BLURRED in faults_of_light(behind)
    assert Problem.BLURRED not in faults_of_light(plain)


def test_a_digit_that_was_detected_and_is_in_no_line_is_never_passed_over(plain: Findings) -> None:
    detected = plain.page.detected
    assert detected is not None and judge(plain, EAGER).sure
    elsewhere = replace(
        detected,
        boxes=np.concatenate((detected.boxes, [[20, 20, 30, 50]])).astype(np.float32),
        scores=np.append(detected.scores, np.float32(0.35)),
    )
    found = replace(plain, page=replace(plain.page, detected=elsewhere))
    verdict = judge(found, EAGER)
    assert not verdict.sure and not verdict.more_seen
    assert signs_of(found)[Sign.NONE_OVERLOOKED] == pytest.approx(-0.35)


@pytest.mark.parametrize("digit", "2379")
@pytest.mark.parametrize("shown", [8, 14])
def test_a_digit_of_which_little_is_on_the_photo_is_cut_off(
    digit: str, shown: int, model: Model
) -> None:
    whole = write(paper(), f"{digit}4829{digit}", (80, 140))  # from 5 pixels on, 45 wide
    for page, side in (
        (whole[:, : 535 + shown], Problem.CUT_OFF_RIGHT),
        (whole[:, 130 - shown :], Problem.CUT_OFF_LEFT),
    ):
        verdict = judge(found_in(np.ascontiguousarray(page), model), EAGER)
        assert (verdict.readable, verdict.sure) == (True, False)
        assert side in verdict.problems


def on_graph_paper(text: str, shade: int) -> Pixels:
    """`text`, the 1 at its end written along a rule."""
    page = paper(900, 400, shade=235)
    for place in range(0, 900, 60):
        cv2.line(page, (place + 6, 0), (place + 6, 399), (shade, shade, shade), 5)
        cv2.line(page, (0, place), (899, place), (shade, shade, shade), 3)
    left = 60 * (len(text) + 1) + 6 - round(0.48 * 0.62 * 44) - (len(text) - 1) * 60
    return write(page, text, (left, 248), height=44, pitch=60 / 44)


def test_rules_beside_the_digits_are_no_strokes_in_their_row(model: Model) -> None:
    page = paper(1000, 400)
    for x in range(60, 871, 135):
        cv2.line(page, (x, 110), (x, 260), (70, 70, 70), 3)
    for y in (110, 260):
        cv2.line(page, (60, y), (870, y), (70, 70, 70), 3)
    found = found_in(write(page, NUMBER, (95, 140), pitch=1.5), model)
    assert "".join(line.text for line in found.lines) == NUMBER
    assert unread(found).in_row == 0


@pytest.mark.parametrize("wide", [3, 4, 5])
def test_boxes_around_the_digits_are_no_strokes_in_their_row(wide: int, model: Model) -> None:
    page = write(paper(1000, 400), NUMBER, (95, 140), pitch=1.5)
    for place in range(len(NUMBER)):
        left = 95 + 135 * place - 18 + place
        cv2.rectangle(page, (left, 120), (left + 90, 248), (90, 90, 90), wide, cv2.LINE_AA)
    found = found_in(page, model)
    assert "".join(line.text for line in found.lines) == NUMBER
    assert unread(found).in_row == 0
    assert unread(without_first_digit(found)).in_row >= 1


def test_a_line_between_two_pixels_is_as_dark_as_one_upon_them() -> None:
    ink = np.zeros((40, 60), np.uint8)
    ink[9:11, 5:50] = ink[29:31, 5:50] = 60  # between two rows
    ink[10:30, 5] = ink[10:30, 49] = 110  # upon a column
    rules = ink > 0
    assert _no_darker(ink, rules)[rules].mean() > 0.97
    ink[12:26, 48:51] = 200  # a stroke along the right one
    assert not _no_darker(ink, rules)[13:25, 49].any()
    assert _no_darker(ink, rules)[13:25, 5].all()


def test_a_1_along_a_rule_is_a_stroke_in_the_row(model: Model) -> None:
    found = found_in(on_graph_paper("48291", 150), model)
    line = found.lines[0]
    assert line.text in ("4829", "48291")
    lines = (replace(line, digits=line.digits[:4]),)
    assert unread(replace(found, lines=lines)).in_row == 1

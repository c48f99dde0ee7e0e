# SPDX-License-Identifier: Apache-2.0
"""Lines are composed from a bank of hands, changed, and taught to the second reader."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from training.bank import BANK_PX, CELL_PX, Bank, fill_bank
from training.build_lines import PARTS_AN_EPOCH, digest_of, hold_back, supply
from training.composed import FAR, compose
from training.fit import EpochEnd, Recipe
from training.line_training import BATCH, distort, exact_share, train_lines
from training.linedata import NARROWEST_PX, WIDEST_PX, Lines, batches, compose_lines, save
from training.served_lines import lines_of, serve_lines
from training.synthesis.characters import Sources
from training.synthesis.line import Written
from training.synthesis.photo import render
from training.synthesis.plan import Plan, draw_plan
from vision import load_model
from vision.transcribe import LINE_HEIGHT


@pytest.fixture(scope="module")
def bank(sources: Sources) -> Bank:
    return fill_bank(sources, 12, seed=1)


@pytest.fixture(scope="module")
def composed(bank: Bank) -> Lines:
    return compose_lines(bank, 96, 4)


def test_a_hand_in_the_bank_has_every_digit_and_mark(bank: Bank) -> None:
    for hand in bank.hands:
        assert set(hand) == set("0123456789-,./")
        for copies in hand.values():
            assert all(cell.shape[0] == CELL_PX and cell.any() for cell in copies)


def test_a_composed_line_stands_where_it_says(bank: Bank) -> None:
    for seed in range(30):
        line = compose(bank, np.random.default_rng(seed))
        assert line.ink.dtype == np.float32 and line.ink.min() >= 0 and line.ink.max() <= 1
        assert line.ink.shape[0] == round(CELL_PX * line.height_px / BANK_PX)
        for placed in line.characters:
            x, y, w, h = placed.box
            assert line.ink[max(y - h, 0) : y + 2 * h, max(x - 1, 0) : x + w + 1].max() > 0.2


def test_every_composed_line_says_something(composed: Lines) -> None:
    assert all(composed.texts)


def test_composed_digits_stand_close_or_far_apart(bank: Bank) -> None:
    widest = [_widest_gap(compose(bank, np.random.default_rng(seed))) for seed in range(120)]
    assert 0.06 < np.mean(np.array(widest) > FAR[0]) < 0.4
    assert min(widest) < 0.3


def _widest_gap(line: Written) -> float:
    """In heights of a digit; spaces between groups are none."""
    boxes = [placed.box for placed in line.characters if placed.value]
    gaps = [right[0] - left[0] - left[2] for left, right in pairwise(boxes)]
    return float(np.median(gaps or [0])) / line.height_px


def test_lines_are_cut_from_photos_as_they_are_served() -> None:
    photo = render(Sources(), 6, Plan(("482915",), 0.1))
    texts = {text for _, text in lines_of(photo, load_model())}
    assert texts == {"482915"}


def test_photos_with_words_or_without_digits_teach_no_lines(sources: Sources) -> None:
    plans = [draw_plan(np.random.default_rng([seed, 5])) for seed in range(50)]
    teaches = [bool(plan.texts) and not plan.worded for plan in plans]
    first = next(i for i, pair in enumerate(pairwise(teaches)) if pair == (True, False))
    alone, with_another = (
        serve_lines(sources, range(first, stop), load_model()) for stop in (first + 1, first + 2)
    )
    assert len(alone) and alone.digest() == with_another.digest()


def test_composed_lines_repeat_with_their_seed(sources: Sources) -> None:
    one, two, other = (
        compose_lines(fill_bank(sources, 3, seed), 8, seed).digest() for seed in (1, 1, 2)
    )
    assert one == two != other


def test_no_line_is_wider_or_denser_than_can_be_learnt(composed: Lines) -> None:
    assert composed.widths.max() <= WIDEST_PX
    for text, width in zip(composed.texts, composed.widths, strict=True):
        assert width > NARROWEST_PX * len(text)


def test_parts_take_turns_beside_the_stored_lines(composed: Lines, tmp_path: Path) -> None:
    stored = composed.take(np.arange(5))
    parts = [tmp_path / f"{number}.npz" for number in range(2 * PARTS_AN_EPOCH)]
    for number, path in enumerate(parts):
        save(composed.take(np.arange(10 * number, 10 * number + 10)), path)
    lines_of = supply(stored, parts)
    first, second, third = (lines_of(epoch).texts for epoch in range(3))
    assert first[:5] == second[:5] == stored.texts
    assert first[5:] + second[5:] == composed.texts[:60] and third == first
    assert digest_of(stored, parts) != digest_of(stored, parts[:-1])


def test_held_back_lines_train_nothing(composed: Lines) -> None:
    rest, held = hold_back(composed, 10, seed=1)
    assert len(held) == 10 and len(rest) == 86
    assert sorted((*rest.texts, *held.texts)) == sorted(composed.texts)


def test_a_changed_line_stays_a_line_and_repeats_with_the_seed(composed: Lines) -> None:
    batch = next(iter(batches(composed, 16, np.random.default_rng(0))))
    images = torch.from_numpy(batch.images)
    one, two = (distort(images.clone(), torch.Generator().manual_seed(4)) for _ in range(2))
    assert one.shape == images.shape and float(one.min()) >= 0 and float(one.max()) <= 1
    assert torch.equal(one, two) and not torch.equal(one, images)


def test_a_changed_line_keeps_its_ends(composed: Lines) -> None:
    image = torch.zeros(64, 1, LINE_HEIGHT, 160)
    image[:, :, 6:26, 9:12] = image[:, :, 6:26, 148:151] = 1.0
    changed = distort(image, torch.Generator().manual_seed(1))
    assert float(changed[..., :80].amax((1, 2, 3)).min()) > 0.5
    assert float(changed[..., 80:].amax((1, 2, 3)).min()) > 0.5


def test_the_line_net_lowers_its_loss(composed: Lines) -> None:
    ends: list[EpochEnd] = []
    recipe = Recipe(epochs=3, threads=1)
    model = train_lines(lambda _: composed, recipe, callbacks=[ends.append])
    assert len(composed) >= BATCH and ends[-1].loss < ends[0].loss
    assert 0.0 <= exact_share(model, composed) <= 1.0


def test_the_same_seed_trains_the_same_line_net(composed: Lines) -> None:
    recipe = Recipe(epochs=1, threads=1)
    one, two = (train_lines(lambda _: composed, recipe).state_dict() for _ in range(2))
    assert all(torch.equal(one[name], two[name]) for name in one)

# SPDX-License-Identifier: Apache-2.0
"""Glyphs and lines as sets: kept, split, hashed, batched."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from training import glyphs, linedata
from training.glyphs import Glyphs
from training.linedata import Lines, batches


def some_lines(widths: tuple[int, ...]) -> Lines:
    pixels = np.zeros((32, sum(widths)), np.uint8)
    start = 0
    for value, width in enumerate(widths, 1):
        pixels[:, start : start + width] = value
        start += width
    return Lines(
        pixels, np.array(widths, np.int64), tuple(str(v) for v in range(1, 1 + len(widths)))
    )


def test_a_saved_set_comes_back_the_same(digits: Glyphs, tmp_path: Path) -> None:
    glyphs.save(digits, tmp_path / "deep" / "set.npz")
    assert glyphs.load(tmp_path / "deep" / "set.npz").digest() == digits.digest()


def test_another_label_is_another_digest(digits: Glyphs) -> None:
    changed = Glyphs(digits.images, (digits.labels + 1) % 10)
    assert changed.digest() != digits.digest()


def test_a_split_parts_without_loss_and_repeats(digits: Glyphs) -> None:
    rest, held = glyphs.split(digits, 0.25, seed=1)
    assert (len(rest), len(held)) == (150, 50)
    assert glyphs.split(digits, 0.25, seed=1)[1].digest() == held.digest()
    both = glyphs.join([rest, held])
    assert sorted(both.labels.tolist()) == sorted(digits.labels.tolist())


def test_saved_lines_come_back_the_same(tmp_path: Path) -> None:
    lines = some_lines((40, 60))
    linedata.save(lines, tmp_path / "lines.npz")
    again = linedata.load(tmp_path / "lines.npz")
    assert again.texts == ("1", "2") and again.digest() == lines.digest()


def test_lines_taken_keep_image_and_text_together() -> None:
    lines = linedata.join([some_lines((40, 60, 50))]).take(np.array([2, 0]))
    assert lines.texts == ("3", "1")
    assert lines.image(0).shape == (32, 50) and (lines.image(0) == 3).all()
    assert (lines.image(1) == 1).all()


def test_a_batch_pads_with_paper_to_whole_steps() -> None:
    (batch,) = batches(some_lines((41, 59)), 2, np.random.default_rng(0))
    assert batch.images.shape == (2, 1, 32, 64)
    row = int(np.argmin(batch.widths))
    assert batch.images[row, 0, :, 41:].max() == 0
    assert np.isclose(batch.images[row, 0, 0, 0], int(batch.texts[row]) / 255)

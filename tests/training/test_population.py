# SPDX-License-Identifier: Apache-2.0
"""The population that is new to the shipped model."""

from __future__ import annotations

from training.synthesis.population import (
    FORMS,
    LONGEST,
    SHORTEST,
    render_one,
    writers_of,
)


def test_same_seed_same_photos() -> None:
    one, two = (render_one(writers_of(1, 2)[1], 5) for _ in range(2))
    assert one.text == two.text
    assert one.jpeg() == two.jpeg()


def test_they_write_whole_numbers() -> None:
    texts = [render_one(writers_of(2, 1)[0], seed).text for seed in range(90, 94)]
    assert all(SHORTEST <= len(text) <= LONGEST for text in texts)


def test_a_writer_keeps_to_their_form() -> None:
    one, other = writers_of(3, 2)
    assert one.forms.keys() == FORMS.keys() == {"1", "4", "7", "9"}
    assert (one.forms, one.hand, one.pen) != (other.forms, other.hand, other.pen)
    assert writers_of(3, 5)[:2] == (one, other)


def test_a_photo_shows_its_number_in_the_writers_hand() -> None:
    photo = render_one(writers_of(4, 1)[0], 11)
    boxes = [box for line in photo.lines for box in line.boxes]
    assert len(boxes) == len(photo.text)
    assert photo.plan.texts == (photo.text,)

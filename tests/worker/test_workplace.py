# SPDX-License-Identifier: Apache-2.0
"""What a worker process has at hand: one model, to read with and to find known digits again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery

from vision import Photo, decode_photo
from worker import Settings
from worker.workplace import Workplace, open_workplace

SAMPLE = Path(__file__).parents[2] / "ivr/devphone/samples/482915.jpg"


@pytest.fixture
def workplace(settings: Settings) -> Iterator[Workplace]:
    opened = open_workplace(settings, Celery("test"))
    yield opened
    opened.close()


def test_digits_somebody_knows_are_found_where_they_are_read(workplace: Workplace) -> None:
    data = SAMPLE.read_bytes()
    photo, reading = decode_photo(data, max_pixels=10**8, max_bytes=10**8), workplace.read(data)
    assert isinstance(photo, Photo)
    boxes = workplace.realign(photo, reading, "482915")
    assert boxes == tuple(digit.box for digit in reading.digits)
    assert workplace.realign(photo, reading, "48") is None

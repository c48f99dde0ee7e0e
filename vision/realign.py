# SPDX-License-Identifier: Apache-2.0
"""Where each digit stands on a photo of which somebody knows the digits, and the reader did not.

The reader's lattice is made to spell what the caller said; a strip that holds a digit more, or one
less, can often be forced to, so both readers have to find it likely.
"""

from __future__ import annotations

import math

from vision.choose import Candidate
from vision.classify import Model
from vision.decode import Decoded, spell
from vision.photo import Photo
from vision.reader import best_look
from vision.reading import Box, Reading
from vision.report import box_on_photo

# Measured by `python -m training.realigned`, see docs/training.md.
LIKELY = 0.1  # the second reader's probability of the digits, by that of what it read itself
PLAIN = 0.03  # the first reader's probability of each digit in its place


def realign(photo: Photo, model: Model, reading: Reading, digits: str) -> tuple[Box, ...] | None:
    """A box for each of `digits` (lines joined with `|`), in pixels like those of `reading`.

    None when they are no likely reading of the photo, or stand on more or fewer lines.
    """
    look = best_look(photo, model)
    said = [tuple(int(digit) for digit in line) for line in digits.split("|")]
    lines = look.attempt.lines
    if 90 * look.turns != reading.rotation or len(said) != len(lines):
        return None
    to_photo = look.attempt.to_page * look.scale
    boxes: list[Box] = []
    for line, values in zip(lines, said, strict=True):
        spelled = likely_path(line, values)
        if spelled is None:
            return None
        boxes += (box_on_photo(choice.box, line.strip, to_photo) for choice in spelled.choices)
    return tuple(boxes)


def likely_path(line: Candidate, values: tuple[int, ...]) -> Decoded | None:
    """The best path that says `values`, when both readers find that likely enough."""
    transcript = line.told.transcript
    if transcript is None or not values:
        return None
    spelled = spell(line.lattice, line.probabilities, values)
    if spelled is None:
        return None
    surprise = transcript.cost_of(values) - transcript.cost_of(transcript.values)
    told = zip(spelled.choices, values, strict=True)
    plain = all(choice.probabilities[value] >= PLAIN for choice, value in told)
    return spelled if plain and surprise <= -math.log(LIKELY) else None

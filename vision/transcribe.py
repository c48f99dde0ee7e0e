# SPDX-License-Identifier: Apache-2.0
"""The second reader: a whole line at once, without cutting it (CTC over the line's image).

It errs on other photos than the lattice does, so that two equal readings are worth far more than
one sure one. Training and serving both normalise through `to_line_image`.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.classify import Model, softmax
from vision.glyph import FAINTEST_PEAK, VISIBLE
from vision.reading import Box

Soft = NDArray[np.float32]

LINE_HEIGHT = 32
INK_HEIGHT = 26  # the line's ink is scaled to this height and put in the middle
COLUMN_PX = 4  # of the line's image for each column of the network's answer
SIDE_PX = 8  # empty columns left and right
WIDEST_PX = 3200  # longer lines are squeezed: a hundred wide-set digits fit
UNLIKELY = 1e-5  # no column's probability is believed to be less
BLANK = 10  # index of CTC's blank among the classes 0 to 9 and blank


@dataclass(frozen=True, slots=True)
class Transcript:
    """Digits read, left to right, each with probabilities float32 [11] at its strongest column.

    `columns` float32 [T,11] is what the network gave for every column of the line; `places` are
    the columns at which the digits stand.
    """

    values: tuple[int, ...]
    probabilities: tuple[Soft, ...]
    columns: Soft
    places: tuple[int, ...] = ()

    def cost_of(self, values: tuple[int, ...]) -> float:
        """Negative log probability that the line says `values`, over all ways to align them."""
        labels = [BLANK, *(label for value in values for label in (value, BLANK))]
        logs = np.log(np.maximum(self.columns[:, labels], UNLIKELY)).astype(np.float64)
        jumps = [i > 1 and labels[i] not in (BLANK, labels[i - 2]) for i in range(len(labels))]
        jump = np.where(jumps, 0.0, -np.inf)
        reached = np.full(len(labels), -np.inf)
        reached[:2] = logs[0, :2]
        for row in logs[1:]:
            one = np.concatenate(([-np.inf], reached[:-1]))
            two = np.concatenate(([-np.inf, -np.inf], reached[:-2]))[: len(labels)] + jump
            reached = np.logaddexp(np.logaddexp(reached, one), two) + row
        return float(-np.logaddexp.reduce(reached[-2:]))


def visible_part(ink: Soft) -> Box:
    """The box around what of `ink` is not too faint to count; of no width without any."""
    return Box(*cv2.boundingRect((ink > VISIBLE).view(np.uint8)))


def to_line_image(ink: Soft) -> Soft:
    """A line's `ink` (float32 HxW, 0 paper to 1 ink, level) as float32 32xW, 0..1.

    Crops to the visible ink, scales it to 26 pixels of height and as much width as its shape
    asks for, lifts faint strokes to full ink, and centres it with 8 empty columns at either side.
    """
    x, y, w, h = visible_part(ink)
    if not w:
        return np.zeros((LINE_HEIGHT, LINE_HEIGHT), np.float32)
    cropped = ink[y : y + h, x : x + w]
    scale = INK_HEIGHT / cropped.shape[0]
    width = min(max(1, round(cropped.shape[1] * scale)), WIDEST_PX)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    fitted = cv2.resize(cropped, (width, INK_HEIGHT), interpolation=method)
    image = np.zeros((LINE_HEIGHT, max(width + 2 * SIDE_PX, LINE_HEIGHT)), np.float32)
    top = (LINE_HEIGHT - INK_HEIGHT) // 2
    lifted = np.minimum(fitted / max(float(fitted.max()), FAINTEST_PEAK), 1.0)
    image[top : top + INK_HEIGHT, SIDE_PX : SIDE_PX + width] = lifted
    return image


def transcribe(ink: Soft, model: Model) -> Transcript | None:
    """What the bundle's second reader reads in a line's `ink`; None when there is none.

    Its network takes "line" float32 [1,1,32,W] and gives "logits" float32 [T,1,11].
    """
    if model.lines is None:
        return None
    logits = model.lines.run(None, {"line": to_line_image(ink)[None, None]})[0]
    return best_path(softmax(np.asarray(logits, np.float32)[:, 0]))


def best_path(probabilities: Soft) -> Transcript:
    """The digits of `probabilities` [T,11]: repeats joined, blanks dropped."""
    strongest = probabilities.argmax(axis=1)
    edges = np.flatnonzero(np.diff(strongest)) + 1
    values: list[int] = []
    places: list[int] = []
    for run in np.split(np.arange(len(strongest)), edges):
        value = int(strongest[run[0]]) if len(run) else BLANK
        if value != BLANK:
            values.append(value)
            places.append(int(run[probabilities[run, value].argmax()]))
    found = tuple(probabilities[place] for place in places)
    return Transcript(tuple(values), found, probabilities, tuple(places))

# SPDX-License-Identifier: Apache-2.0
"""The photo that goes along with a registered model as an example: drawn, nobody's."""

from __future__ import annotations

import cv2
import numpy as np

from training.synthesis.hand import draw_hand, write
from training.synthesis.pen import Pen, PenKind, trace

TEXT = "2718"
HEIGHT_PX = 90.0  # of the writing
MARGIN_PX = 70
GAP_PX = 9  # on either side of a digit
PAPER, INK = 235, 40  # grey, of 255
SEED = 11


def example_photo() -> bytes:
    """A PNG of `TEXT` in pen on white paper; always the same bytes."""
    random = np.random.default_rng(SEED)
    hand = draw_hand(random)
    pen = Pen(PenKind.FELT, 0.07, 0.0, 0.0, 0.0)
    digits = [trace(write(value, hand, random), HEIGHT_PX, pen, random)[0] for value in TEXT]
    height = max(len(ink) for ink in digits)
    gap = ((0, 0), (GAP_PX, GAP_PX))
    standing = [np.pad(np.pad(ink, ((height - len(ink), 0), (0, 0))), gap) for ink in digits]
    paper = PAPER - (PAPER - INK) * np.pad(np.hstack(standing), MARGIN_PX)
    return bytes(cv2.imencode(".png", paper.astype(np.uint8))[1])

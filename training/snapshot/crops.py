# SPDX-License-Identifier: Apache-2.0
"""From a caller's crop to the ink of its digit, by the stages that serve."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training.bank import BANK_PX, CELL_PX, SKY_PX
from vision.glyph import VISIBLE, to_glyph
from vision.ink import find_ink
from vision.page import flatten

CUT_MARGIN = 0.25  # of a digit's larger side, as `worker.samples` cuts
PAPER_PX = 24  # added around a crop, so that its strokes reach no edge
WIDEST_PX = 3 * BANK_PX  # of a cell: no digit is wider

Soft = NDArray[np.float32]


def ink_of(png: bytes) -> Soft | None:
    """The ink in a crop's middle, float32 0 to 1; None for what is no picture or bare paper."""
    decoded = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    if decoded is None or min(decoded.shape[:2]) < 2:
        return None
    pixels = np.asarray(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB), np.uint8)
    soft = _alone(find_ink(flatten(_on_paper(pixels))).soft, pixels.shape[:2])
    return soft if bool((soft > VISIBLE).any()) else None


def _on_paper(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    around = (PAPER_PX,) * 4
    value = [float(one) for one in np.percentile(pixels.reshape(-1, 3), 80, axis=0)]
    wide = cv2.copyMakeBorder(pixels, *around, cv2.BORDER_CONSTANT, value=value)
    return np.asarray(wide, np.uint8)


def _alone(soft: Soft, size: tuple[int, ...]) -> Soft:
    """What lies in the digit's own box: neighbours reach into the margin, not further."""
    height, width = size
    margin = CUT_MARGIN / (1 + 2 * CUT_MARGIN) * max(height, width)
    inset_y, inset_x = (round(min(margin, 0.4 * side)) for side in (height, width))
    inside = soft[PAPER_PX : PAPER_PX + height, PAPER_PX : PAPER_PX + width]
    return inside[inset_y : height - inset_y, inset_x : width - inset_x]


def glyph_of(ink: Soft) -> NDArray[np.uint8]:
    """uint8 [28, 28], as the digit CNN is shown it."""
    return np.round(to_glyph(ink) * 255).astype(np.uint8)


def cell_of(ink: Soft) -> NDArray[np.uint8]:
    """uint8 [84, w]: the digit as high as all others and on their line, for lines to compose."""
    x, y, w, h = cv2.boundingRect((ink > VISIBLE).astype(np.uint8))
    cropped = ink[y : y + h, x : x + w]
    width = min(max(1, round(w * BANK_PX / h)), WIDEST_PX)
    method = cv2.INTER_AREA if h > BANK_PX else cv2.INTER_LINEAR
    fitted = cv2.resize(cropped, (width, BANK_PX), interpolation=method)
    cell = np.zeros((CELL_PX, width), np.uint8)
    cell[SKY_PX : SKY_PX + BANK_PX] = np.round(np.clip(fitted, 0, 1) * 255)
    return cell

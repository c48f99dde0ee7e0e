# SPDX-License-Identifier: Apache-2.0
"""All that the stages found in one photo: what a verdict rests on."""

from __future__ import annotations

from dataclasses import dataclass

from vision.attempt import Attempt
from vision.opinions import Agreed
from vision.page import Page
from vision.photo import Photo
from vision.reading import Box, Line


@dataclass(frozen=True, slots=True)
class Findings:
    """`lines`, which `tried` made of `page`, the flattened `photo`, which stands upright.

    `agreed` are the lines as the readers have them; `left_out` is where, on the sender's photo,
    pieces as high as a digit were taken for none. `scale` is how many of its pixels one of the
    page is; `turns` how many quarters, counter-clockwise, it was turned to stand upright.
    `upside_down` is how well (0 to 1) the digits would read the other way up.
    """

    photo: Photo
    page: Page
    tried: Attempt
    agreed: tuple[Agreed, ...]
    lines: tuple[Line, ...]
    left_out: tuple[Box, ...]
    scale: float
    turns: int
    upside_down: float

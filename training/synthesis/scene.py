# SPDX-License-Identifier: Apache-2.0
"""The page as it lies before the camera: alone, on a desk, in a hand, or no page at all."""

from __future__ import annotations

import cv2
import numpy as np

from training.synthesis import camera, clutter, paper, sheets
from training.synthesis.backgrounds import draw_background
from training.synthesis.characters import Sources
from training.synthesis.framing import View
from training.synthesis.hand import Random
from training.synthesis.layout import Laid
from training.synthesis.plan import Plan
from training.synthesis.surface import draw_page
from training.synthesis.surroundings import Scene, add_hands, add_things
from training.synthesis.truth import warped


def draw_scene(
    plan: Plan,
    sources: Sources,
    laid: Laid,
    page_size: tuple[int, int],
    view: View,
    random: Random,
) -> Scene:
    """All there is to see, and what it is, before light and camera change it."""
    width, height = view.size
    if plan.nothing_but_things:
        seen = _behind(plan, sources, view, random, clutter.scene)
        return Scene(seen, np.zeros((height, width), np.uint8))
    page = draw_page(plan, laid, page_size, random)
    if plan.on_desk:
        scene, edge = _on_desk(plan, sources, laid, page, view, random)
    else:
        scene = Scene(_seen(page, view), warped(laid.classes, view.transform, view.size))
        edge = np.array([(0, 0), (width, 0), (width, height), (0, height)], float)
    add_things(scene, plan.things, random)
    add_hands(scene, plan.hands, edge, random)
    return scene


def _on_desk(
    plan: Plan,
    sources: Sources,
    laid: Laid,
    page: paper.Picture,
    view: View,
    random: Random,
) -> tuple[Scene, camera.Transform]:
    """The sheet and its shadow on a desk; and the sheet's corners [4, 2] in the photo."""
    size = page.shape[1], page.shape[0]
    sheet = sheets.draw_sheet(laid.bounds, size, random, bound=plan.spiral)
    mask = sheets.mask_of(sheet, size)
    if plan.spiral:
        sheets.bind(page, mask, laid.classes, sheet, random)
    over = np.asarray(cv2.warpPerspective(mask, view.transform, view.size), np.uint8)
    scene = Scene(
        _behind(plan, sources, view, random, paper.desk),
        warped(laid.classes, view.transform, view.size),
    )
    scene.classes[over < 128] = 0
    if random.random() < 0.6:
        scene.darken(over, float(random.uniform(2, 25)), float(random.uniform(0.2, 0.7)))
    blend = cv2.merge([over, over, over]).astype(np.float32) * np.float32(1 / 255)
    scene.picture += blend * (_seen(page, view) - scene.picture)
    left, top, right, bottom = sheet
    corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], float)
    return scene, camera.move(corners, view.transform)


def _behind(
    plan: Plan, sources: Sources, view: View, random: Random, draw: paper.Background
) -> paper.Picture:
    if plan.pictured and sources.backgrounds:
        return draw_background(sources.backgrounds, view.size[1], view.size[0], random)
    return draw(view.size[1], view.size[0], random)


def _seen(page: paper.Picture, view: View) -> paper.Picture:
    seen = cv2.warpPerspective(page, view.transform, view.size, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, np.float32)

# SPDX-License-Identifier: Apache-2.0
"""A whole photo of handwritten digits, from a seed, with the truth about it.

photo = render(sources, seed=7)
photo.text, photo.jpeg()
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from training.synthesis import camera, light
from training.synthesis.characters import Sources
from training.synthesis.framing import close_up, draw_view, size_of
from training.synthesis.hand import Random
from training.synthesis.layout import Laid, lay_out
from training.synthesis.plan import Plan, draw_plan
from training.synthesis.scene import draw_scene
from training.synthesis.surroundings import Scene
from training.synthesis.truth import Classes, shrunk

PAGE_PX = 1100  # longer side of the page before the camera sees it


@dataclass(frozen=True, slots=True)
class TrueLine:
    """The digits of a line and their boxes (x, y, w, h) in pixels of the upright photo."""

    text: str
    boxes: tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class SyntheticPhoto:
    """`pixels` uint8 [H, W, 3], blue green red, as stored; turning them counter-clockwise by
    `quarter_turns` quarters makes them upright. `classes` uint8 [H, W] says what each pixel
    shows (`truth.Mark`). Lines in reading order."""

    pixels: NDArray[np.uint8]
    classes: Classes
    lines: tuple[TrueLine, ...]
    plan: Plan
    quality: int
    quarter_turns: int

    @property
    def text(self) -> str:
        return "|".join(line.text for line in self.lines)

    def jpeg(self) -> bytes:
        return camera.compress(self.pixels, self.quality)

    def received(self) -> NDArray[np.uint8]:
        """The pixels that a reader gets, red green blue: the JPEG has left its traces."""
        coded = np.frombuffer(self.jpeg(), np.uint8)
        return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR_RGB), np.uint8)


def render(sources: Sources, seed: int, plan: Plan | None = None) -> SyntheticPhoto:
    """The photo of `seed`. Without a plan, one is drawn: easy or hard, with or without digits."""
    random = np.random.default_rng(seed)
    plan = plan or draw_plan(random)
    shot = _draw_shot(plan, random)
    page_size = _page_size(random)
    laid = lay_out(plan, sources, page_size, random)
    view = draw_view(page_size, shot, laid.bounds, random)
    if plan.close and laid.lines:
        view = close_up(view, laid.bounds, laid.height_px, random)
    scene = draw_scene(plan, sources, laid, page_size, view, random)
    scale = min(1.0, shot.longest_px / max(view.size))
    pixels = _photograph(plan, scene, shot, size_of(view, scale), random)
    return SyntheticPhoto(
        np.ascontiguousarray(np.rot90(pixels, -shot.quarter_turns)),
        np.ascontiguousarray(np.rot90(scene.classes, -shot.quarter_turns)),
        _true_lines(laid, view.transform, scale),
        plan,
        shot.quality,
        shot.quarter_turns,
    )


def _draw_shot(plan: Plan, random: Random) -> camera.Camera:
    shot = camera.draw_camera(random, plan.hardness)
    if plan.on_screen:
        return camera.screenshot(shot)
    return replace(shot, turn_deg=shot.turn_deg + plan.turn_deg)


def _photograph(
    plan: Plan, scene: Scene, shot: camera.Camera, size: tuple[int, int], random: Random
) -> NDArray[np.uint8]:
    """The scene in its light, as the camera stores it; its classes become as small as the photo."""
    lit = scene.picture
    if not plan.on_screen:
        lit = light.shine(lit, light.draw_light(random, plan.hardness), random)
    if size != (lit.shape[1], lit.shape[0]):
        lit = np.asarray(cv2.resize(lit, size, interpolation=cv2.INTER_AREA), np.float32)
        scene.classes = shrunk(scene.classes, size)
    return camera.expose(lit, shot, random)


def _page_size(random: Random) -> tuple[int, int]:
    ratio = float(random.choice([0.75, 0.5625, 0.7, 1.0, 0.4], p=[0.45, 0.2, 0.2, 0.05, 0.1]))
    short = round(PAGE_PX * ratio)
    return (PAGE_PX, short) if random.random() < 0.65 else (short, PAGE_PX)


def _true_lines(laid: Laid, transform: camera.Transform, scale: float) -> tuple[TrueLine, ...]:
    return tuple(
        TrueLine(text, tuple(_moved(box, transform, scale) for box in boxes))
        for text, boxes in laid.lines
    )


def _moved(
    box: tuple[int, int, int, int], transform: camera.Transform, scale: float
) -> tuple[int, int, int, int]:
    x, y, w, h = box
    corners = np.array([(x, y), (x + w, y), (x, y + h), (x + w, y + h)], float)
    moved = camera.move(corners, transform) * scale
    left, top = moved.min(axis=0)
    right, bottom = moved.max(axis=0)
    return round(left), round(top), max(1, round(right - left)), max(1, round(bottom - top))

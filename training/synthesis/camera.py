# SPDX-License-Identifier: Apache-2.0
"""The phone: where it stands, how steady it is held, what its sensor and its JPEG add."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from training.synthesis.hand import Random
from training.synthesis.paper import Picture, noise

Transform = NDArray[np.float64]  # [3, 3], homogeneous


@dataclass(frozen=True, slots=True)
class Camera:
    """`turn_deg` and `tilt` (perspective, 0 to 0.3) of the phone over the page, blur in pixels
    of the final photo, `noise` and `quarter_turns` (the photo is stored turned by these)."""

    longest_px: int
    turn_deg: float
    tilt: float
    blur_px: float
    motion_px: float
    noise: float
    quality: int
    quarter_turns: int


def draw_camera(random: Random, hardness: float) -> Camera:
    """`hardness` 0 is a steady phone straight above; 1 is anything a blind person may hold."""
    shaken = random.random() < 0.15 * hardness
    turned = random.random() < 0.2 * hardness
    return Camera(
        longest_px=int(np.exp(random.uniform(np.log(700 - 300 * hardness), np.log(1600)))),
        turn_deg=float(random.normal(0, 2 + 7 * hardness)),
        tilt=float(abs(random.normal(0, 0.02 + 0.06 * hardness))),
        blur_px=float(random.gamma(1.5, 0.15 + 0.3 * hardness)),
        motion_px=float(random.uniform(2, 6)) if shaken else 0.0,
        noise=float(random.gamma(1.5, 0.004 + 0.012 * hardness)),
        quality=int(random.integers(round(80 - 45 * hardness), 96)),
        quarter_turns=int(random.integers(1, 4)) if turned else 0,
    )


def screenshot(chosen: Camera) -> Camera:
    """No camera at all: the pixels of a screen, as they were stored."""
    still = replace(chosen, turn_deg=0.0, tilt=0.0, blur_px=0.0, motion_px=0.0, noise=0.0)
    return replace(still, quality=max(chosen.quality, 75), quarter_turns=0)


def view(size: tuple[int, int], chosen: Camera, random: Random) -> Transform:
    """Maps pixels of a page of `size` (width, height) to pixels of the same frame, as seen."""
    width, height = size
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float64)
    middle = corners.mean(axis=0)
    angle = np.deg2rad(chosen.turn_deg)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    seen = (corners - middle) @ turn + middle
    seen += random.normal(0, 1, (4, 2)) * chosen.tilt * np.array([width, height]) * 0.5
    return np.asarray(
        cv2.getPerspectiveTransform(corners.astype(np.float32), seen.astype(np.float32)), float
    )


def move(points: NDArray[np.float64], transform: Transform) -> NDArray[np.float64]:
    """Points [N, 2] through a homogeneous transform."""
    homogeneous = np.column_stack([points, np.ones(len(points))]) @ transform.T
    return np.asarray(homogeneous[:, :2] / homogeneous[:, 2:])


def expose(picture: Picture, chosen: Camera, random: Random) -> NDArray[np.uint8]:
    """Blur, noise and clipping: uint8 [H, W, 3], blue green red."""
    if chosen.blur_px > 0.2:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), chosen.blur_px), np.float32)
    if chosen.motion_px:
        picture = _smear(picture, chosen.motion_px, random)
    if chosen.noise:
        picture = _noisy(picture, chosen.noise, random)
    return np.asarray(np.clip(picture * np.float32(255), 0, 255), np.uint8)


def _noisy(picture: Picture, strength: float, random: Random) -> Picture:
    """Fine grain of light and coarse grain of colour. Photon noise: darker scenes are lifted more,
    so it is about even over the levels."""
    height, width = picture.shape[:2]
    grain = np.float32(strength) * noise(height, width, random)
    planes = []
    for channel in cv2.split(picture):
        small = np.float32(0.4 * strength) * noise(height // 2 + 1, width // 2 + 1, random)
        planes.append(channel + grain + cv2.resize(small, (width, height)))
    return np.asarray(cv2.merge(planes), np.float32)


def compress(photo: NDArray[np.uint8], quality: int) -> bytes:
    """The JPEG file."""
    done, encoded = cv2.imencode(".jpg", photo, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError(f"cannot encode a photo of shape {photo.shape}")
    return encoded.tobytes()


def _smear(picture: Picture, length_px: float, random: Random) -> Picture:
    size = 2 * round(length_px / 2) + 1
    kernel = np.zeros((size, size), np.float32)
    angle = random.uniform(0, np.pi)
    reach = np.array([np.cos(angle), np.sin(angle)]) * (size // 2)
    middle = np.array([size // 2, size // 2])
    ends = np.round([middle - reach, middle + reach]).astype(int)
    cv2.line(kernel, tuple(map(int, ends[0])), tuple(map(int, ends[1])), 1.0, 1)
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()), np.float32)

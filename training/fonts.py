# SPDX-License-Identifier: Apache-2.0
"""Open-licensed handwriting and print fonts, packed by the npm client, as TTF files.

Only packages whose licence field says OFL or Apache are unpacked. Of each, the Latin and the
Korean subset in one or two weights are kept: `<name>-<subset>-<weight>.ttf`.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from training.bad_data import BadData
from training.npm import check_licence, pack
from training.progress import NullProgress, ProgressBar

SCOPE = "@fontsource"
LICENCES = frozenset({"OFL-1.1", "Apache-2.0"})
SUBSETS = ("latin", "korean")
WEIGHTS = (400, 700)

HANDS = (
    "annie-use-your-telescope", "architects-daughter", "caveat", "caveat-brush",
    "cedarville-cursive", "chilanka", "comic-neue", "covered-by-your-grace", "delicious-handrawn",
    "delius", "gaegu", "gamja-flower", "gloria-hallelujah", "gochi-hand", "handlee", "hi-melody",
    "homemade-apple", "indie-flower", "itim", "kalam", "licorice", "liu-jian-mao-cao",
    "long-cang", "mansalva", "marck-script", "nanum-brush-script", "nanum-pen-script", "neucha",
    "patrick-hand", "permanent-marker", "playpen-sans", "poor-story", "reenie-beanie",
    "rock-salt", "sacramento", "schoolbell", "shadows-into-light", "shantell-sans", "short-stack",
    "sriracha", "sue-ellen-francisco", "swanky-and-moo-moo", "the-girl-next-door", "vibur",
    "yomogi", "zen-kurenaido",
)  # fmt: skip

PRINT = (
    "arimo", "courier-prime", "cousine", "lato", "merriweather", "nanum-myeongjo", "open-sans",
    "oswald", "roboto", "roboto-mono", "tinos",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fonts:
    """Paths of the TTF files. Hands and print are drawn apart: print is a distractor too."""

    hands: tuple[Path, ...]
    print: tuple[Path, ...]
    korean: tuple[Path, ...]


def find_fonts(folder: Path) -> Fonts:
    """What `fetch` left in `folder`; raises `BadData` when there is nothing."""
    files = sorted(folder.glob("*.ttf"))
    if not files:
        raise BadData(f"no fonts in {folder}: run `python -m training.build`, which fetches them")
    latin = [path for path in files if "-latin-" in path.name]
    return Fonts(
        hands=tuple(path for path in latin if _package_of(path) in HANDS),
        print=tuple(path for path in latin if _package_of(path) in PRINT),
        korean=tuple(path for path in files if "-korean-" in path.name),
    )


def fetch(
    folder: Path,
    names: Sequence[str] = (*HANDS, *PRINT),
    *,
    progress: ProgressBar | None = None,
) -> Fonts:
    """Packs and converts the fonts that are not in `folder` yet."""
    progress = progress or NullProgress()
    folder.mkdir(parents=True, exist_ok=True)
    progress.begin("fonts", len(names))
    for name in names:
        if not any(folder.glob(f"{name}-latin-*.ttf")):
            unpack(pack(f"{SCOPE}/{name}", folder), folder)
        progress.advance(1, name)
    return find_fonts(folder)


def unpack(archive: Path, folder: Path) -> list[Path]:
    """Writes the wanted TTF files of one npm package and removes the package."""
    with tarfile.open(archive) as packed:
        check_licence(packed, archive.name, LICENCES)
        written = [
            _convert(packed, member, folder) for member in packed.getmembers() if _wanted(member)
        ]
    archive.unlink()
    return written


def _package_of(path: Path) -> str:
    return path.stem.rsplit("-", 2)[0]


def _wanted(member: tarfile.TarInfo) -> bool:
    """`package/files/<name>-<subset>-<weight>-normal.woff`; plain woff needs no brotli."""
    endings = {f"-{subset}-{weight}-normal.woff" for subset in SUBSETS for weight in WEIGHTS}
    return any(member.name.endswith(ending) for ending in endings)


def _convert(packed: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> Path:
    source = packed.extractfile(member)
    font = TTFont(io.BytesIO(source.read() if source else b""))
    font.flavor = None
    path = folder / (Path(member.name).name.removesuffix("-normal.woff") + ".ttf")
    font.save(path)
    return path

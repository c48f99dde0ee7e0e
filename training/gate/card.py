# SPDX-License-Identifier: Apache-2.0
"""The verdict as one page of HTML that needs no other file. It shows rendered photos alone."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from training.bench.gallery import thumbnail
from training.gate.readings import Pair
from training.gate.verdict import Verdict

SHOWN = 40  # photos in the gallery: who wants more reads the frozen set


@dataclass(frozen=True, slots=True)
class Shown:
    """A rendered photo that the two models read differently."""

    source: str  # data address of a small picture
    name: str
    written: str
    champion: str
    challenger: str
    change: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, and what it shows."""

    source: str
    title: str


def as_html(verdict: Verdict, pairs: Sequence[Pair], pictures: Mapping[str, Path]) -> str:
    """`pairs` may be empty, and `pictures`, files by what they show, too."""
    environment = Environment(
        loader=PackageLoader("training.gate"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    different = [p for p in pairs if p.champion.text != p.challenger.text]
    rendered = [pair for pair in different if pair.photo.rendered]
    return environment.get_template("card.html").render(
        verdict=verdict,
        pictures=[Picture(_png(path), title) for title, path in pictures.items()],
        shown=[_shown(pair) for pair in sorted(rendered, key=_rank)[:SHOWN]],
        different=len(rendered),
        hidden=len(different) - len(rendered),
    )


def _rank(pair: Pair) -> tuple[bool, bool]:
    """Lost photos first, then won ones, then those on which both err."""
    return not pair.lost, not pair.won


def _shown(pair: Pair) -> Shown:
    change = "lost" if pair.lost else "won" if pair.won else "both wrong"
    return Shown(
        source=thumbnail(Path(pair.champion.file)),
        name=pair.photo.name,
        written=pair.photo.text or "no digits",
        champion=pair.champion.text or "nothing",
        challenger=pair.challenger.text or "nothing",
        change=change,
    )


def _png(path: Path) -> str:
    return "data:image/png;base64," + b64encode(path.read_bytes()).decode("ascii")

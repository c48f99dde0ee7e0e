# SPDX-License-Identifier: Apache-2.0
"""`docs/prompts.md`: every prompt in every language, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ivr.catalogue.book import Catalogue
from ivr.catalogue.loading import languages, load

PAGE = Path("docs/prompts.md")
INTRODUCTION = """\
# What the service says and listens for

Written by `python -m ivr.catalogue` from `ivr/prompts/*.toml`; change those, not this page. A new
language is a new file there with the same prompts.

A slot names what stands in it and how it is worded: `{count:count.digit}` a number with its
counter, `{position:ordinal}` a position, `{value:digit}` one digit, `{values:choice}` digits as
alternatives, `{digits:grouped}` a number in groups with pauses, `{digits:singly}` digit by digit
with positions. `[은/는]` behind a slot becomes the Korean particle that fits the sound before it.
Digits stand alone between two pauses: nothing in a sentence depends on how they end.
"""


def as_markdown() -> str:
    """The whole page."""
    catalogues = [load(language) for language in languages()]
    return INTRODUCTION + "".join(
        (*_prompts(catalogues), *_camera(catalogues), *_keys(catalogues), *_hearing(catalogues))
    )


def _prompts(catalogues: list[Catalogue]) -> Iterator[str]:
    yield "\n## Prompts\n"
    for name in catalogues[0].prompts:
        yield f"\n**{name}**\n\n"
        for catalogue in catalogues:
            yield f"- {catalogue.language}: {catalogue.prompts[name]}\n"


def _camera(catalogues: list[Catalogue]) -> Iterator[str]:
    yield "\n## The camera page\n"
    for name in catalogues[0].page:
        yield f"\n**{name}**\n\n"
        for catalogue in catalogues:
            yield f"- {catalogue.language}: {catalogue.page[name]}\n"


def _keys(catalogues: list[Catalogue]) -> Iterator[str]:
    yield "\n## Names of the keys\n\n"
    yield _row("key", *(catalogue.language for catalogue in catalogues))
    yield _row("---", *("---" for _ in catalogues))
    for key in catalogues[0].keys:
        yield _row(f"`{key}`", *(catalogue.keys[key] for catalogue in catalogues))


def _hearing(catalogues: list[Catalogue]) -> Iterator[str]:
    yield "\n## What is listened for\n\n"
    yield _row("meaning", *(catalogue.language for catalogue in catalogues))
    yield _row("---", *("---" for _ in catalogues))
    for meaning in catalogues[0].hearing:
        yield _row(meaning, *(", ".join(c.hearing[meaning]) for c in catalogues))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"

# SPDX-License-Identifier: Apache-2.0
"""The catalogues on disk: which languages there are, and which one a number speaks."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ivr.catalogue.book import Catalogue
from ivr.catalogue.grouping import Habit
from ivr.catalogue.wording import Words
from ivr.dialog.types import Meaning

FOLDER = Path(__file__).parent.parent / "prompts"
NUMBERED = frozenset({Meaning.POSITION, Meaning.DIGIT})


@cache
def languages() -> tuple[str, ...]:
    """The codes of all languages that have a catalogue, in alphabetical order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def load(language: str) -> Catalogue:
    """The catalogue of `language`; raises LookupError where there is none."""
    if language not in languages():
        raise LookupError(f"no catalogue for {language!r}; there are {', '.join(languages())}")
    return _catalogue(language, tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8")))


def language_of(number: str, default: str) -> str:
    """The language of a telephone number by its country code, else `default`.

    `number` may be a channel address (`whatsapp:+82…`). The longest matching code wins.
    """
    e164 = number.rpartition(":")[2]
    matches = [
        (len(prefix), language)
        for language in languages()
        for prefix in load(language).prefixes
        if e164.startswith(prefix)
    ]
    return max(matches, default=(0, default))[1]


def is_keyword(kind: str, word: str) -> bool:
    """Whether `word` is a `stop` or `start` of any language: whoever wants out need not guess."""
    return any(word.strip().lower() in load(code).keywords[kind] for code in languages())


def _catalogue(language: str, data: dict[str, Any]) -> Catalogue:
    return Catalogue(
        language=language,
        locale=data["locale"],
        voice=data["voice"],
        prefixes=tuple(data["prefixes"]),
        words=_words(data["words"]),
        habits=tuple(Habit(re.compile(form), tuple(s)) for form, s in data["habits"].items()),
        keys=MappingProxyType(data["keys"]),
        hearing=_hearing(data["hearing"]),
        positions=tuple(map(tuple, data["hearing"]["position"])),
        digits=tuple(map(tuple, data["hearing"]["digit"])),
        fillers=tuple(data["fillers"]),
        keywords=MappingProxyType({k: tuple(v) for k, v in data["keywords"].items()}),
        prompts=MappingProxyType(data["prompts"]),
        page=MappingProxyType(data["page"]),
    )


def _hearing(data: dict[str, Any]) -> Mapping[Meaning, tuple[str, ...]]:
    """The phrases of the meanings that need no number."""
    plain = {Meaning(name): tuple(said) for name, said in data.items() if name not in NUMBERED}
    return MappingProxyType(plain)


def _words(data: dict[str, Any]) -> Words:
    return Words(
        digits=tuple(data["digits"]),
        numbers=tuple(data["numbers"]),
        ordinals=tuple(data["ordinals"]),
        counters=MappingProxyType({k: (one, many) for k, (one, many) in data["counters"].items()}),
        placed=data["placed"],
        choice=data["choice"],
    )

# SPDX-License-Identifier: Apache-2.0
"""Sections of `docs/benchmarks.md` that are measured by commands of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SECTION = re.compile(r"^## .*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)


def with_section(page: str, section: str) -> str:
    """`page` with `section` in place of the one of the same heading, or at its end."""
    found = _sections(page).get(_heading(section))
    section = section.rstrip() + "\n"
    if found is None:
        return page.rstrip() + "\n\n" + section
    return page.replace(found, section + "\n").rstrip() + "\n"


def with_kept(page: str, old: str, titles: Iterable[str]) -> str:
    """`page` with those sections of its `old` version that have one of `titles`."""
    there = _sections(old)
    for title in titles:
        if f"## {title}" in there:
            page = with_section(page, there[f"## {title}"])
    return page


def _sections(page: str) -> dict[str, str]:
    return {_heading(section): section for section in _SECTION.findall(page)}


def _heading(section: str) -> str:
    return section.partition("\n")[0]

# SPDX-License-Identifier: Apache-2.0
"""`docs/settings.md`, written from the settings themselves: `python -m ivr.settings_page`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import SecretStr

import worker.settings
from ivr.settings import Settings

PAGE = Path("docs/settings.md")
INTRODUCTION = """\
# Settings

Every setting is an environment variable; the defaults run everything on one machine. This page
is written by `python -m ivr.settings_page`.
"""


def as_markdown() -> str:
    """The whole page."""
    workers = set(worker.settings.Settings.model_fields)
    web = [name for name in Settings.model_fields if name not in workers]
    both = [name for name in Settings.model_fields if name in workers]
    sections = (("Workers and web process", both), ("Web process", web))
    return INTRODUCTION + "".join(
        f"\n## {title}\n\n| variable | default | meaning |\n|---|---|---|\n" + "".join(_rows(names))
        for title, names in sections
    )


def _rows(names: list[str]) -> Iterator[str]:
    for name in names:
        field = Settings.model_fields[name]
        yield f"| `SONSORI_{name.upper()}` | {_shown(field.default)} | {field.description} |\n"


def _shown(default: object) -> str:
    value = default.get_secret_value() if isinstance(default, SecretStr) else default
    return "" if value in ("", None) else f"`{value}`"


if __name__ == "__main__":
    PAGE.write_text(as_markdown(), "utf-8")

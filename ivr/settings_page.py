# SPDX-License-Identifier: Apache-2.0
"""`docs/settings.md`, written from the settings themselves: `python -m ivr.settings_page`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo

import worker.settings
from ivr.devphone.settings import PhoneSettings
from ivr.settings import Settings

PAGE = Path("docs/settings.md")
INTRODUCTION = """\
# Settings

Every setting is an environment variable; the defaults run everything on one machine. This page
is written by `python -m ivr.settings_page`.
"""
COLUMNS = "| variable | default | meaning |\n|---|---|---|\n"


def as_markdown() -> str:
    """The whole page; a setting stands where it is first needed."""
    shared, everybody = worker.settings.Settings.model_fields, Settings.model_fields
    web = {name: field for name, field in everybody.items() if name not in shared}
    phone = PhoneSettings.model_fields.items()
    own = {name: field for name, field in phone if name not in everybody}
    sections = (
        ("Workers and web process", {name: everybody[name] for name in shared}),
        ("Web process", web),
        ("Dev phone", own),
    )
    return INTRODUCTION + "".join(
        f"\n## {title}\n\n| variable | default | meaning |\n|---|---|---|\n"
        + "".join(_rows(fields))
        for title, fields in sections
    )


def _rows(fields: Mapping[str, FieldInfo]) -> Iterator[str]:
    for name, field in fields.items():
        yield f"| `SONSORI_{name.upper()}` | {_shown(field.default)} | {field.description} |\n"


def _shown(default: object) -> str:
    value = default.get_secret_value() if isinstance(default, SecretStr) else default
    return "" if value in ("", None) else f"`{value}`"


if __name__ == "__main__":
    PAGE.write_text(as_markdown(), "utf-8")

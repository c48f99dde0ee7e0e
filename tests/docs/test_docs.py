# SPDX-License-Identifier: Apache-2.0
"""The documents say what the code does."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from typer.main import get_command

from ivr.cli import app
from ivr.settings import Settings
from ivr.settings_page import as_markdown

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/*.md")])
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
COMMAND = re.compile(r"sonsori ((?:[a-z]+ ?)+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    missing = [
        link for link in LINK.findall(page.read_text("utf-8")) if not (page.parent / link).exists()
    ]
    assert missing == []


def test_the_settings_page_is_written_from_the_settings() -> None:
    assert (ROOT / "docs/settings.md").read_text("utf-8") == as_markdown()


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_documents_name_only_commands_there_are(page: Path) -> None:
    known = _commands()
    quoted = re.findall(r"`([^`\n]+)`", page.read_text("utf-8"))
    named = [match[1].split() for code in quoted for match in [COMMAND.search(code)] if match]
    assert [words for words in named if words[0] not in known] == []


def test_the_lock_names_every_dependency_and_no_address() -> None:
    lock = (ROOT / "constraints.txt").read_text()
    locked = {re.split(r"[=\[ ]", line)[0].lower() for line in lock.splitlines()}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    names = {re.split(r"[><=\[]", want)[0].lower().replace("_", "-") for want in wanted}
    assert names - locked == set()
    assert "://" not in lock


def test_every_module_names_its_licence() -> None:
    modules = [
        path
        for folder in ("ivr", "worker", "training", "vision", "tests")
        for path in (ROOT / folder).rglob("*.py")
    ]
    assert modules
    bare = [path for path in modules if not path.read_text("utf-8").startswith("# SPDX")]
    assert [path for path in bare if path.read_text("utf-8").strip()] == []


def _commands() -> set[str]:
    command = get_command(app)
    return set(getattr(command, "commands", {}))

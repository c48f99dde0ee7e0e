# SPDX-License-Identifier: Apache-2.0
"""The written dialogs as files: what they must say, and what is refused."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from ivr.rehearsal import DialogError, read_dialog
from tests.dialog_words import DIALOGS, with_words

ROOT = Path(__file__).parents[2]
SHORT = """
story = "A caller says yes"
language = "ko"
[[turn]]
rings = true
[[turn]]
hears = "waiting_first"
hangs_up = true
[end]
hears = "waiting_first"
"""


@pytest.mark.parametrize("path", DIALOGS, ids=lambda path: path.stem)
def test_each_dialog_reads_with_the_words_of_today(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text == with_words(text), "python -m tests.dialog_words writes them anew"


@pytest.mark.parametrize("path", DIALOGS, ids=lambda path: path.stem)
def test_each_dialog_is_named_by_its_language(path: Path) -> None:
    assert read_dialog(path).language == path.stem.partition("-")[0]


def test_there_are_forty_dialogs_in_two_languages() -> None:
    languages = Counter(read_dialog(path).language for path in DIALOGS)
    assert len(DIALOGS) >= 40 and min(languages["ko"], languages["en"]) >= 20, languages


def test_the_calls_that_make_bench_keeps_are_dialogs() -> None:
    listed = re.search(r"(?m)^CALLS := ((?:.*\\\n)*.*)$", (ROOT / "Makefile").read_text())
    assert listed is not None
    kept = listed[1].replace("\\", " ").split()
    assert len(kept) == 5 and set(kept) <= {path.stem for path in DIALOGS}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("hangs_up = true", 'hangs_up = true\nsays = "네"', "a turn has one of says, hangs_up"),
        ('hears = "waiting_first"\nhangs_up', 'hears = "waitin"\nhangs_up', "no prompt waitin"),
        ('story = "', 'sotry = "', "sotry"),
        ('language = "ko"', "language =", "Invalid value"),
    ],
)
def test_a_slip_in_a_dialog_is_told_with_its_file(
    tmp_path: Path, before: str, after: str, told: str
) -> None:
    path = tmp_path / "slip.toml"
    assert before in SHORT
    path.write_text(SHORT.replace(before, after, 1), "utf-8")
    with pytest.raises(DialogError, match=told) as error:
        read_dialog(path)
    assert "slip.toml" in str(error.value)

# SPDX-License-Identifier: Apache-2.0
"""Sections of the page of benchmarks that commands of their own write."""

from __future__ import annotations

from training.bench.sections import with_kept, with_section

PAGE = "# Page\n\nhead\n\n## One\n\n1\n\n## Two\n\n2\n"


def test_a_section_takes_the_place_of_its_old_self() -> None:
    assert with_section(PAGE, "## One\n\nnew") == "# Page\n\nhead\n\n## One\n\nnew\n\n## Two\n\n2\n"
    assert with_section(PAGE, "## Two\n\nnew\n").endswith("1\n\n## Two\n\nnew\n")


def test_a_new_section_comes_last() -> None:
    assert with_section(PAGE, "## Three\n\n3") == PAGE + "\n## Three\n\n3\n"


def test_a_page_written_anew_keeps_what_others_measured() -> None:
    anew = "# Page\n\n## Two\n\nnew\n"
    assert with_kept(anew, PAGE, ["One", "None"]) == anew + "\n## One\n\n1\n"
    assert with_kept(anew, "", ["One"]) == anew

# SPDX-License-Identifier: Apache-2.0
"""The verdict as a page: whole, readable by ear, and free of what callers sent."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from gate_photos import Verdicts
from PIL import Image

from training.bench.gallery import thumbnail
from training.gate import FrozenSet, Verdict, write_report

ALONE = {"meta", "img", "br", "hr", "link", "input"}  # elements without an end


class Page(HTMLParser):
    """The elements of a page, their attributes and what stands in them. Raises for one that is
    not closed where it should be."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ALONE:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def folder(verdicts: Verdicts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a verdict over two bundles whose readings are still kept."""
    return write_report(verdicts.better, tmp_path_factory.mktemp("report") / "made")


@pytest.fixture(scope="module")
def card(folder: Path) -> Page:
    return Page((folder / "card.html").read_text("utf-8"))


def test_the_report_has_the_verdict_the_page_and_pictures(folder: Path, verdicts: Verdicts) -> None:
    written = json.loads((folder / "verdict.json").read_text())
    assert Verdict.from_dict(written) == verdicts.better
    for name in ("risk-coverage", "reliability", "confusion"):
        with Image.open(folder / f"{name}.png") as picture:
            assert min(picture.size) > 300


def test_the_page_needs_no_other_file(card: Page) -> None:
    assert all(str(image["src"]).startswith("data:") for image in card.all("img"))
    assert card.all("link") == card.all("script") == []


def test_the_page_can_be_read_by_ear(card: Page) -> None:
    assert card.all("html") == [{"lang": "en"}]
    assert len(card.all("h1")) == len(card.all("main")) == 1
    assert len(card.all("caption")) == len(card.all("table")) > 3
    assert all(header.get("scope") in ("row", "col") for header in card.all("th"))
    assert all(image.get("alt") for image in card.all("img"))


def test_the_page_tells_the_counts_the_groups_and_the_reasons(
    card: Page, verdicts: Verdicts
) -> None:
    counts = verdicts.better.counts
    assert counts is not None
    assert "Passed: challenger" in card.text
    assert f"{counts.wins} won" in card.text and f"{counts.losses} lost" in card.text
    for one in verdicts.better.slices:
        assert one.name in card.text
    assert verdicts.better.reasons[0] in card.text


def test_a_refused_challenger_is_told_so_in_words(verdicts: Verdicts, tmp_path: Path) -> None:
    page = Page((write_report(verdicts.worse, tmp_path) / "card.html").read_text("utf-8"))
    assert "Refused: challenger" in page.text
    assert "FAILS" in page.text and "WORSE" in page.text


def test_no_photo_of_a_caller_is_shown_and_none_of_their_digits(
    folder: Path, card: Page, frozen: FrozenSet
) -> None:
    html = (folder / "card.html").read_text("utf-8")
    sent = [photo for photo in frozen.photos if not photo.rendered]
    assert sent
    for photo in sent:
        assert thumbnail(frozen.path(photo)) not in html
        assert photo.text not in card.text and photo.name not in html
    for path in folder.iterdir():
        assert not any(photo.text.encode() in path.read_bytes() for photo in sent)
    assert "which are never shown" in card.text


def test_rendered_photos_that_are_read_differently_are_shown(card: Page, frozen: FrozenSet) -> None:
    shown = [image for image in card.all("img") if "Rendered" in str(image["alt"])]
    assert shown
    picture = b64decode(str(shown[0]["src"]).partition(",")[2])
    assert Image.open(BytesIO(picture)).format == "JPEG"
    drawn = {photo.text or "no digits" for photo in frozen.photos if photo.rendered}
    assert {str(image["alt"]).removeprefix("Rendered photo of ") for image in shown} <= drawn


def test_a_verdict_from_a_file_has_a_page_without_pictures(
    verdicts: Verdicts, tmp_path: Path
) -> None:
    verdict = Verdict.from_dict(verdicts.same.as_dict())
    folder = write_report(verdict, tmp_path / "report")
    assert sorted(path.name for path in folder.iterdir()) == ["card.html", "verdict.json"]


def test_what_stands_in_a_reason_is_text(verdicts: Verdicts, tmp_path: Path) -> None:
    odd = replace(verdicts.same, notes=("<script>alert(1)</script>",), frozen=None)
    page = Page((write_report(odd, tmp_path) / "card.html").read_text("utf-8"))
    assert page.all("script") == []

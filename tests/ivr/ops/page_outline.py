# SPDX-License-Identifier: Apache-2.0
"""What a screen reader makes of a page: its landmarks, headings, tables, links and names."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

VOID = frozenset(["meta", "link", "br", "input", "img"])


@dataclass(slots=True)
class Element:
    tag: str
    attributes: dict[str, str | None]
    inside: tuple[str, ...]
    text: str = ""


@dataclass(slots=True)
class Outline(HTMLParser):
    """Every element with the tags it lies in and the text in it; unclosed tags are an error."""

    elements: list[Element] = field(default_factory=list)
    _open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs), tuple(parent.tag for parent in self._open))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open and self._open[-1].tag == tag, f"</{tag}> closes what is not open"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data


def outline(html: str) -> Outline:
    found = Outline()
    found.feed(html)
    found.close()
    assert found._open == [], "a tag is not closed"
    return found


def check(html: str) -> Outline:
    """The rules every page keeps (WCAG 2.2 by number), else an assertion."""
    page = outline(html)
    ids = [e.attributes["id"] for e in page.elements if "id" in e.attributes]
    assert len(ids) == len(set(ids)), "4.1.2: ids name one thing each"
    assert [e.attributes.get("lang") for e in page.all("html")] == ["en"], "3.1.1"
    assert [bool(e.text.strip()) for e in page.all("title")] == [True], "2.4.2"
    for landmark in ("header", "nav", "main"):
        assert len(page.all(landmark)) == 1, f"1.3.1: one {landmark}"
    assert all(e.attributes.get("aria-label") for e in page.all("nav")), "4.1.2"
    _check_headings(page)
    _check_tables(page)
    links = page.all("a")
    assert links[0].attributes["href"] == "#main", "2.4.1: past the links first"
    assert all(link.text.strip() and link.attributes.get("href") for link in links), "2.4.4"
    assert page.all("script", "form", "img", "style", "iframe") == []
    assert not any("style" in e.attributes or "onclick" in e.attributes for e in page.elements)
    return page


def _check_headings(page: Outline) -> None:
    levels = [int(e.tag[1]) for e in page.all("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1 and levels[0] == 1, "2.4.6: one first heading, first"
    steps = [below - above for above, below in pairwise(levels)]
    assert all(step <= 1 for step in steps), "1.3.1: no level is skipped"


def _check_tables(page: Outline) -> None:
    captions = page.all("caption")
    assert len(captions) == len(page.all("table")), "1.3.1: each table has a caption"
    assert all(caption.text.strip() for caption in captions)
    for head in page.all("th"):
        scope = "col" if "thead" in head.inside else "row"
        assert head.attributes.get("scope") == scope and head.text.strip(), "1.3.1"
    for region in (e for e in page.elements if e.attributes.get("role") == "region"):
        named = {caption.attributes.get("id") for caption in captions}
        assert region.attributes.get("aria-labelledby") in named, "4.1.2"
        assert region.attributes.get("tabindex") == "0", "2.1.1: scrolled by keyboard"

# SPDX-License-Identifier: Apache-2.0
"""The camera page in a real browser: what a screen reader is told, and what a press does.

Left out where there is no Chromium: the tests of `test_camera` need none.
"""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from signed_phone import SignedPhone
from sqlalchemy import func, select
from werkzeug.serving import make_server

from ivr.app import create_app
from ivr.catalogue import load
from ivr.settings import Settings
from worker import Store
from worker.records import Photo

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
WORDS = load("ko").page
READABLE = 7.0  # contrast of text for low vision: WCAG 2.2, success criterion 1.4.6
PRESSED_PX = 44  # side of what is pressed, at least: WCAG 2.2, success criterion 2.5.5

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium here")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Tests run as root in containers, where the sandbox cannot; the page is our own.
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def site(settings: Settings, store: Store) -> Iterator[str]:
    """Address of a link somebody got who texted a word."""
    app = create_app(settings, store)
    found = re.search(r"/photo/[A-Za-z]+", SignedPhone(app).text(Body="안녕하세요").text)
    assert found is not None
    server = make_server("127.0.0.1", 0, app, threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}{found[0]}"
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """The page as a phone shows it; whatever the browser complains about fails the test."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ko-KR")
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(site)
    yield opened
    context.close()
    assert [said for said in complaints if "status of 400" not in said] == []


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    cv2.imwrite(str(path), np.full((60, 80, 3), 255, np.uint8))
    return path


def photos(store: Store) -> int:
    with store.snapshot() as session:
        return session.scalar(select(func.count()).select_from(Photo)) or 0


def test_a_screen_reader_is_told_the_title_the_buttons_and_how_to_hold_the_phone(
    page: Page,
) -> None:
    tree, at = page.locator("main").aria_snapshot(), 0
    for name in ("title", "answer", "take", "choose", "send", "how", "hint_paper", "hint_light"):
        at = tree.index(WORDS[name], at) + len(WORDS[name])
    for name in ("take", "choose", "send"):
        expect(page.get_by_role("button", name=WORDS[name], exact=True)).to_be_visible()


def test_a_photo_is_sent_as_soon_as_it_is_taken_and_the_page_says_so(
    page: Page, photo: Path, store: Store
) -> None:
    page.locator("#take").set_input_files(photo)
    expect(page.get_by_role("status")).to_have_text(WORDS["received"])
    expect(page).to_have_title(WORDS["received"])
    assert page.locator("form").count() == 0
    assert photos(store) == 1


def test_while_a_photo_is_on_its_way_the_page_says_that_too(page: Page, photo: Path) -> None:
    heard: list[str] = []
    page.expose_function("heard", lambda words: heard.append(words))
    page.evaluate(
        """() => new MutationObserver(() => heard(news.textContent))
                 .observe(news, {childList: true, characterData: true, subtree: true})"""
    )
    page.locator("#take").set_input_files(photo)
    expect(page.get_by_role("status")).to_have_text(WORDS["received"])
    assert heard == [WORDS["sending"]]


def test_a_file_that_is_no_photo_is_told_and_another_may_be_sent(
    page: Page, photo: Path, tmp_path: Path, store: Store
) -> None:
    (tmp_path / "letter.jpg").write_text("no photo", "utf-8")
    with page.expect_response("**/photo/*") as answer:
        page.locator("#take").set_input_files(tmp_path / "letter.jpg")
    assert answer.value.status == 400
    expect(page.get_by_role("status")).to_have_text(WORDS["not_an_image"])
    page.locator("#choose").set_input_files(photo)
    expect(page.get_by_role("status")).to_have_text(WORDS["received"])
    assert photos(store) == 1


def test_the_keyboard_reaches_everything_in_order(page: Page) -> None:
    reached = []
    for _ in range(3):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.type"))
    assert reached == ["take", "choose", "submit"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_buttons_are_large_and_their_words_stand_out(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for name in ("#take", "#choose", "button"):
        box = page.locator(name).bounding_box()
        assert box is not None and min(box["width"], box["height"]) >= PRESSED_PX
        assert contrast(page, name) >= READABLE
    assert contrast(page, "body") >= READABLE


def contrast(page: Page, name: str) -> float:
    """Ratio of the lightness of an element's words and ground, 1 to 21 (WCAG 2.2)."""
    style = f"getComputedStyle(document.querySelector('{name}'))"
    shades = [lightness(page.evaluate(f"{style}.{what}")) for what in ("color", "backgroundColor")]
    return (max(shades) + 0.05) / (min(shades) + 0.05)


def lightness(colour: str) -> float:
    shares = [int(value) / 255 for value in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_without_scripts_the_button_sends(
    browser: Browser, site: str, photo: Path, store: Store
) -> None:
    context = browser.new_context(java_script_enabled=False)
    bare = context.new_page()
    bare.goto(site)
    bare.locator("#choose").set_input_files(photo)
    bare.get_by_role("button", name=WORDS["send"]).click()
    expect(bare.get_by_role("status")).to_have_text(WORDS["received"])
    context.close()
    assert photos(store) == 1

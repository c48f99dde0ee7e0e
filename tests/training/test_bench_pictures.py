# SPDX-License-Identifier: Apache-2.0
"""What a race leaves in its folder."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from fake_readers import ECHO, entry, outcome
from PIL import Image

from training.bench.contestants import SONSORI
from training.bench.cost import Cost, Timed
from training.bench.gallery import write_gallery
from training.bench.page import Measured
from training.bench.plots import draw_cost
from training.bench.race import Entry
from training.bench.report import write_report, write_whole
from training.bench.start import Start
from training.bench.whole import Whole
from training.scoring import Outcome

SMALL = 200_000  # bytes: pictures of `docs/` go into the repository
COST = Cost(
    tuple(Timed(amount, 12, 12, 20 + 2 * amount) for amount in (0.5, 5.0, 50.0)),
    tuple(Timed(1.92, count, count, 30 + count) for count in (1, 10, 100)),
)


@pytest.fixture
def misread(tmp_path: Path) -> Outcome:
    """A photo on disk, of which "<3" was read instead of 8."""
    path = tmp_path / "eight.jpg"
    Image.fromarray(np.full((600, 900, 3), 200, np.uint8)).save(path)
    return Outcome(str(path), "core", "8", "<3", True, 0.95, (), 30.0, (0.9,))


@pytest.fixture
def entries(misread: Outcome) -> list[Entry]:
    right = outcome("482", "482"), outcome("", "", sure=False, group="negative")
    return [entry(misread, *right, contestant=SONSORI), entry(misread, *right, contestant=ECHO)]


def test_a_report_has_pictures_scores_and_every_outcome(
    entries: list[Entry], tmp_path: Path
) -> None:
    write_report(entries, tmp_path / "report")
    for name in ("risk-coverage", "latency", "reliability", "confusion"):
        picture = tmp_path / "report" / f"{name}.png"
        assert cv2.imread(str(picture)).std() > 5
        assert picture.stat().st_size < SMALL
    scores = json.loads((tmp_path / "report" / "scores.json").read_text())
    assert scores["silent_errors"] == 1 and set(scores["peers"]) == {"echo"}
    lines = (tmp_path / "report" / "sonsori.jsonl").read_text().splitlines()
    assert [json.loads(line)["label"] for line in lines] == ["8", "482", ""]


def test_a_reader_that_read_nothing_can_be_drawn(tmp_path: Path) -> None:
    nothing = entry(outcome("", "", sure=False), contestant=SONSORI)
    write_report([nothing], tmp_path)
    assert (tmp_path / "reliability.png").exists()


def test_the_gallery_shows_what_was_misread_and_nothing_else(
    misread: Outcome, tmp_path: Path
) -> None:
    write_gallery([outcome("482", "482"), misread], tmp_path / "misread.html")
    page = (tmp_path / "misread.html").read_text()
    assert page.count("<figure") == 1 and "1 of 2" in page
    assert "&lt;3" in page and 'class="silent"' in page
    assert "data:image/jpeg;base64," in page


def test_the_gallery_names_what_is_no_picture(tmp_path: Path) -> None:
    (tmp_path / "note.jpg").write_text("call me back")
    unread = Outcome(str(tmp_path / "note.jpg"), "core", "12", "", False, 0, ("not_an_image",), 1)
    write_gallery([unread], tmp_path / "misread.html")
    assert "(nothing: not_an_image)" in (tmp_path / "misread.html").read_text()


def test_growth_is_drawn(tmp_path: Path) -> None:
    draw_cost(COST, tmp_path / "cost.png")
    assert cv2.imread(str(tmp_path / "cost.png")).std() > 5
    assert (tmp_path / "cost.png").stat().st_size < SMALL


def test_the_page_shows_pictures_of_synthetic_photos_only(
    entries: list[Entry], tmp_path: Path
) -> None:
    photos = Measured("photos", "Photographs", ("sonsori bench photos DIR",), tuple(entries))
    synthetic = Measured("synthetic", "Synthetic", ("make",), tuple(entries), pictures=True)
    card = {"version": "v1", "metrics": {}}
    starts = (Start("phone camera", 12.0, 0.5, 140.0),)
    page = tmp_path / "docs" / "benchmarks.md"
    write_whole(Whole((photos, synthetic), COST, starts), card, page, tmp_path / "var")
    images = {path.name for path in (tmp_path / "docs" / "images").iterdir()}
    assert images == {"cost.png", "risk-coverage.png", "reliability.png"}
    assert all(page.read_text().count(f"images/{name}") == 1 for name in images)
    assert {path.name for path in (tmp_path / "var").iterdir()} == {"photos", "synthetic"}

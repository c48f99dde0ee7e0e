# SPDX-License-Identifier: Apache-2.0
"""`sonsori read` and `sonsori bench photos`, as typed."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import typer
from PIL import Image
from typer.testing import CliRunner

from ivr.cli import bench, read

app = typer.Typer()
app.command("read")(read.command)
app.add_typer(bench.app, name="bench")


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a bare page, a text file, and labels for both, to work in."""
    monkeypatch.chdir(tmp_path)
    Image.fromarray(np.full((120, 200, 3), 230, np.uint8)).save(tmp_path / "bare.png")
    (tmp_path / "note.jpg").write_text("call me back")
    with (tmp_path / "labels.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerows([("file", "group", "label"), ("bare.png", "negative", "")])
        rows.writerow(("note.jpg", "core", "12"))
    return tmp_path


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, result.stdout


def test_every_photo_gets_its_line_and_the_command_goes_on(photos: Path) -> None:
    status, out = run("read", str(photos / "note.jpg"), str(photos / "bare.png"), "--json")
    lines = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [Path(line["file"]).name for line in lines] == ["note.jpg", "bare.png"]
    assert [line["problems"] for line in lines] == [["not_an_image"], ["no_digits"]]
    assert set(lines[0]) == {
        "file", "text", "sure", "confidence", "lines", "problems", "rotation", "model", "ms",
        "more_seen",
    }  # fmt: skip


def test_without_json_people_get_a_table(photos: Path) -> None:
    status, out = run("read", str(photos / "bare.png"))
    assert status == 0
    assert "bare.png" in out
    assert "no_digits" in out


@pytest.mark.parametrize(
    "words", [("read",), ("read", "nowhere.jpg"), ("bench", "photos", "nowhere")]
)
def test_bad_usage_is_status_two(words: tuple[str, ...]) -> None:
    assert run(*words)[0] == 2


def test_bench_scores_a_folder(photos: Path) -> None:
    status, out = run("bench", "photos", str(photos), "--json")
    scores = json.loads(out)
    assert status == 0
    assert (scores["photos"], scores["exact"], scores["silent_errors"]) == (2, 1, 0)
    assert set(scores["groups"]) == {"negative", "core"}
    assert "peers" not in scores
    assert not (photos / "var").exists()


def test_bench_shows_a_table_and_draws_pictures(photos: Path) -> None:
    status, out = run("bench", "photos", str(photos))
    assert status == 0
    assert "negative" in out
    assert (photos / "var" / "bench" / photos.name / "risk-coverage.png").exists()


def test_a_peer_that_is_missing_is_named_and_the_rest_go_on(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(photos))
    words = ["bench", "photos", str(photos), "--against", "tesseract", "--json", "--save", "out"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0
    assert "Tesseract is not installed" in result.stderr
    assert json.loads(result.stdout)["peers"] == {}
    assert (photos / "out" / "misread.html").exists()


@pytest.mark.parametrize("command", ["photos", "changed"])
def test_bench_without_labels_is_bad_usage(command: str, tmp_path: Path) -> None:
    assert run("bench", command, str(tmp_path))[0] == 2


def test_bench_tells_what_became_of_photos_taken_otherwise(photos: Path) -> None:
    status, out = run("bench", "changed", str(photos), "--groups", "negative", "--json")
    rows = json.loads(out)
    assert status == 0
    assert {row["no_digits"]["photos"] for row in rows} == {1}
    assert {row["digits"]["photos"] for row in rows} == {0}
    (photos / "page.md").write_text("# Benchmarks\n")
    words = ("--groups", "negative", "--page", str(photos / "page.md"))
    status, out = run("bench", "changed", str(photos), *words)
    assert "turned by 90" in (photos / "page.md").read_text("utf-8")
    assert status == 0 and out.count("1/1") >= len(rows)


def test_a_reader_that_nobody_knows_is_bad_usage(photos: Path) -> None:
    assert run("bench", "photos", str(photos), "--against", "ocrad")[0] == 2


def test_the_whole_command_is_timed(photos: Path) -> None:
    status, out = run("bench", "start", "--runs", "1", "--json")
    assert status == 0
    assert [set(one) for one in json.loads(out)] == [
        {"photo", "megapixels", "wall_s", "peak_rss_mb"}
    ] * 2

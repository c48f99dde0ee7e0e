# SPDX-License-Identifier: Apache-2.0
"""Readers in processes of their own: what they say, what they cost, and what if they cannot."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from fake_readers import ABSENT, ECHO, STUMBLE, write_folder

from training.bench.contestants import PEERS, RAPIDOCR, Contestant, peers_named
from training.bench.process import ProcessFailed, run
from training.bench.race import enter, race, scores_of


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two "photos", and fake readers that other processes can import."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    return write_folder(tmp_path / "photos", [("core", "482", "482"), ("core", "915", "917")])


def test_a_contestant_reads_every_photo_in_a_process_of_its_own(folder: Path) -> None:
    entered = enter(ECHO, folder)
    assert [outcome.text for outcome in entered.outcomes] == ["482", "917"]
    assert entered.outcomes[0].digit_p == (0.8, 0.8, 0.8)
    assert entered.scores["exact"] == 1 and entered.scores["silent_errors"] == 1
    assert entered.peak_rss_mb > 5


def test_missing_and_failing_peers_are_told_of_and_the_race_goes_on(folder: Path) -> None:
    said: list[str] = []
    entries = race(folder, (ABSENT, STUMBLE, ECHO), say=said.append)
    assert [entry.contestant.name for entry in entries] == ["sonsori", "echo"]
    assert said[0] == "Absent is not installed: pip install it"
    assert said[1].startswith("Stumble is left out")
    assert [problem for o in entries[0].outcomes for problem in o.problems] == ["not_an_image"] * 2


def test_peers_stand_beside_the_products_scores_when_asked_for(folder: Path) -> None:
    entries = [enter(ECHO, folder), enter(ECHO, folder)]
    alone, beside = (scores_of(entries, with_peers=asked) for asked in (False, True))
    assert set(alone) == {
        "photos", "exact", "cer", "sure", "silent_errors", "groups", "ms",
        "photos_per_second", "peak_rss_mb",
    }  # fmt: skip
    assert set(beside) == {*alone, "peers"}
    assert beside["peers"]["echo"].keys() == alone.keys()
    json.dumps(beside)


def test_without_labels_there_is_no_race(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        race(tmp_path, (), say=print)


def test_peers_are_named_with_commas_and_unknown_ones_are_refused() -> None:
    assert peers_named(" tesseract,rapidocr,tesseract") == (PEERS["tesseract"], RAPIDOCR)
    assert peers_named("") == ()
    with pytest.raises(ValueError, match="there are rapidocr, tesseract"):
        peers_named("rapidocr,ocrad")


def test_a_peer_that_is_not_there_says_how_to_get_it() -> None:
    gone = Contestant("x", "X", "x:x", program="no-such-program", install="apt-get install x")
    assert gone.missing == "X is not installed: apt-get install x"
    assert ECHO.missing is None


def test_versions_come_from_the_package_or_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "reader"
    program.write_text("#!/bin/sh\necho 'reader 7.1'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert Contestant("r", "Reader", "r:r", program="reader").full_title == "Reader 7.1"
    assert Contestant("n", "NumPy", "n:n", module="numpy").full_title.startswith("NumPy 2")


def test_a_process_is_charged_for_the_memory_it_took() -> None:
    lines: list[str] = []
    code = "held = bytearray(b'1') * (400 << 20); print(len(held) >> 20)"
    spent = run([sys.executable, "-c", code], lines.append)
    assert lines == ["400\n"]
    assert spent.peak_rss_mb > 400 and spent.wall_s > 0


def test_a_measured_process_has_one_thread() -> None:
    lines: list[str] = []
    run([sys.executable, "-c", "import cv2; print(cv2.getNumThreads())"], lines.append)
    assert lines == ["1\n"]


def test_a_process_that_fails_is_no_measurement() -> None:
    with pytest.raises(ProcessFailed, match="status 3"):
        run([sys.executable, "-c", "raise SystemExit(3)"], print)

# SPDX-License-Identifier: Apache-2.0
"""`sonsori bench speech`, on clips of eSpeak NG's voice."""

import json
from pathlib import Path

import numpy as np
import pytest
from stream_plan import Ears, EarsAtHand
from typer.testing import CliRunner

from ivr.audio import PHONE_HZ, decode, write_wav
from ivr.cli import app
from ivr.dialog.types import Heard, Meaning
from ivr.listening.channel import say
from ivr.listening.clips import Kind, load_clips
from ivr.listening.line import ask
from ivr.listening.page import as_section
from ivr.listening.scores import Outcome, Result, judge, rows
from ivr.voice import CALLER_VOICES, EspeakEngine


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    clips = tmp_path_factory.mktemp("clips")
    said = [("yes", "네"), ("no", "아니요"), ("other", "텔레비전")]
    engine = EspeakEngine(CALLER_VOICES)
    lines = ["file,language,kind,text,voice,rate"]
    for kind, text in said:
        write_wav(clips / f"{kind}.wav", [decode(engine.speak(text, "ko"))], PHONE_HZ)
        lines.append(f"{kind}.wav,ko,{kind},{text},es-ko,{PHONE_HZ}")
    engine.close()
    (clips / "labels.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return clips


def outcome(result: Result, latency_ms: float | None = None) -> Outcome:
    return Outcome("a.wav", "ko", "core", False, None, result, latency_ms, 0.01)


def test_clips_are_grouped_by_what_is_said(folder: Path) -> None:
    clips = load_clips(folder)
    assert [clip.group for clip in clips] == ["core", "core", "other"]
    assert all(clip.robotic for clip in clips)


def test_noise_changes_the_sound_not_the_word_and_is_the_same_each_time(folder: Path) -> None:
    clips = load_clips(folder)
    clean, noisy = (say(clips[0], noise_db, clips) for noise_db in (None, 10.0))
    assert noisy == say(clips[0], 10.0, clips)
    assert noisy != say(clips[0], 10.0, clips, draw=1)
    assert clean.word_ends_ms == noisy.word_ends_ms and clean.sound != noisy.sound
    before = slice(0, 2 * PHONE_HZ)
    loud, quiet = (float(np.std(decode(said.sound[before]))) for said in (noisy, clean))
    assert loud > 10 * quiet


@pytest.mark.parametrize(
    ("kind", "meaning", "result"),
    [
        (Kind.YES, Meaning.YES, Result.RIGHT),
        (Kind.YES, Meaning.NO, Result.WRONG),
        (Kind.NO, Meaning.UNCLEAR, Result.ASKED_AGAIN),
        (Kind.OTHER, Meaning.YES, Result.FALSE_YES),
        (Kind.DIGITS, Meaning.NO, Result.FALSE_NO),
        (Kind.OTHER, Meaning.STOP, Result.COMMAND),
        (Kind.YES, None, Result.UNHEARD),
    ],
)
def test_each_way_to_be_taken_has_a_name(
    kind: Kind, meaning: Meaning | None, result: Result
) -> None:
    assert judge(kind, meaning) is result


@pytest.mark.parametrize(
    ("heard", "taken"),
    [
        (Heard(Meaning.YES, 0.3, "네"), Meaning.YES),
        (Heard(Meaning.STOP, 0.9, "그만"), Meaning.STOP),
        (Heard(Meaning.STOP, 0.5, "그만"), Meaning.UNCLEAR),
    ],
)
def test_a_clip_is_taken_as_a_dialog_takes_what_is_heard(
    folder: Path, heard: Heard, taken: Meaning
) -> None:
    clips = load_clips(folder)
    answer = ask(say(clips[0], None, clips), "ko", EarsAtHand(Ears([heard])))
    assert answer.meaning is taken


def test_a_row_counts_and_takes_the_middle_latency() -> None:
    heard = [outcome(Result.RIGHT, ms) for ms in (300.0, 200.0, 250.0)]
    (row,) = rows([*heard, outcome(Result.ASKED_AGAIN)])
    assert (row.clips, row.results["right"], row.results["asked_again"]) == (4, 3, 1)
    assert (row.latency_median_ms, row.latency_p90_ms) == (250, 250)


def test_the_section_has_a_row_for_what_was_heard_right() -> None:
    section = as_section(list(rows([outcome(Result.RIGHT, 200.0)])), "bench", {"ko": "Vosk"})
    assert section.startswith("## Hearing\n") and "200" in section


def test_a_second_opinion_has_a_section_of_its_own() -> None:
    section = as_section([], "bench", {"ko": "Vosk, then Whisper"}, twice=True)
    assert section.startswith("## Hearing with a second opinion\n") and "then Whisper" in section


def test_the_command_measures_through_the_stream(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONSORI_DATA_DIR", str(tmp_path))
    page = tmp_path / "page.md"
    page.write_text("# Page\n", "utf-8")
    command = ["bench", "speech", str(folder), "--noise", "clean", "--json", "--page", str(page)]
    command += ["--draws", "2"]
    told = CliRunner().invoke(app, command)
    assert told.exit_code == 0, told.output
    measured = json.loads(next(line for line in told.stdout.splitlines() if line[:1] == "{"))
    assert {row["group"]: row["clips"] for row in measured["rows"]} == {"core": 4, "other": 2}
    assert all(row["results"]["false_yes"] == 0 for row in measured["rows"])
    assert "sonsori bench speech DIR --draws 2" in page.read_text("utf-8")


def test_a_noise_that_is_none_is_refused(folder: Path) -> None:
    told = CliRunner().invoke(app, ["bench", "speech", str(folder), "--noise", "loud"])
    assert told.exit_code == 2

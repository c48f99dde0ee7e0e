# SPDX-License-Identifier: Apache-2.0
"""Simulated callers: what they answer, how they are heard, and how their calls go."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
import typer
from sample_readings import digit, line, reading
from typer.testing import CliRunner

from ivr.callers import ASSUMED, Ears, Misread, Rates, misread_photos, play, play_many, rates_from
from ivr.callers.ears import say
from ivr.callers.mind import Mind
from ivr.callers.page import TITLE, as_section
from ivr.callers.play import By
from ivr.cli import bench
from ivr.dialog.types import ANSWERS, Heard, Keyed, Meaning, Say

SAMPLES = Path(__file__).parents[2] / "ivr/devphone/samples"
PERFECT = dict.fromkeys(ASSUMED, Rates(1.0, 0.0))

LIKELY = Misread(("481915",), reading(line("487915", _3=digit(7, 0.6, _1=0.38)), sure=False))
RARE = Misread(("481915",), reading(line("487915", _3=digit(7, 0.9, _1=0.05))))
UNTHOUGHT = Misread(("481915",), reading("487915"))
EXTRA = Misread(("475",), reading(line("4175", _2=digit(1, 0.65)), sure=False))
MISSING = Misread(("481915",), reading("48915"))
IN_A_LINE = Misread(("48", "1915"), reading("48", line("7915", _1=digit(7, 0.9, _1=0.08))))
SHORT_LINE = Misread(("48", "1915"), reading("48", "195"))
LINES_MISSING = Misread(("48", "19", "15"), reading("48", "1"))
LINES_TOO_MANY = Misread(("4819",), reading("48", "19", "5"))
EVERY = (
    LIKELY, RARE, UNTHOUGHT, EXTRA, MISSING, IN_A_LINE, SHORT_LINE, LINES_MISSING, LINES_TOO_MANY,
)  # fmt: skip


def perfect() -> Ears:
    return Ears(PERFECT, Random(1))


# ---- calls


@pytest.mark.parametrize(
    ("misread", "by", "turns"),
    [
        (LIKELY, By.VOICE, 2),
        (RARE, By.VOICE, 3),
        (EXTRA, By.VOICE, 2),
        (IN_A_LINE, By.VOICE, 4),
        (UNTHOUGHT, By.DIGIT, 3),
        (MISSING, By.NUMBER, 2),
        (SHORT_LINE, By.LINE, 3),
        (LINES_MISSING, By.NUMBER, 6),
        (LINES_TOO_MANY, By.NUMBER, 4),
    ],
)
def test_who_is_heard_well_gets_the_right_number(misread: Misread, by: By, turns: int) -> None:
    call = play(misread, perfect(), slips=0.0)
    assert (call.by, call.turns) == (by, turns)
    assert not call.wrong_label
    assert not call.wrong_unverified


@pytest.mark.parametrize("misread", EVERY)
def test_who_is_hardly_heard_gets_the_right_number_by_keys(misread: Misread) -> None:
    deaf = Ears(dict.fromkeys(ASSUMED, Rates(0.0, 0.0)), Random(1))
    call = play(misread, deaf, slips=0.0)
    assert call.by in (By.DIGIT, By.LINE, By.NUMBER)


def test_a_first_no_that_is_taken_for_a_yes_makes_no_label_of_somebody_who_knows() -> None:
    rates = PERFECT | {Meaning.NO: Rates(0.0, 1.0)}
    call = play(LIKELY, _once_wrong(rates), slips=0.0)
    assert call.by is By.MISHEARD
    assert not call.wrong_label
    assert call.wrong_unverified


def _once_wrong(rates: dict[Meaning, Rates]) -> Ears:
    """Ears that mishear the first no, and nothing after it."""

    class OnceWrong(Ears):
        def hear(self, said: Heard, hears: frozenset[Meaning]) -> Heard:
            heard = super().hear(said, hears)
            if said.meaning is Meaning.NO:
                rates[Meaning.NO] = Rates(1.0, 0.0)
            return heard

    return OnceWrong(rates, Random(1))


def test_three_hundred_callers_put_their_numbers_right() -> None:
    counted = play_many(EVERY, 300, seed=1).as_dict()
    assert counted["calls"] == 300
    assert counted["good"] >= 285
    assert counted["wrong_labels"] == 0
    assert counted["voice_within_turns"][4] > 60


def test_the_same_seed_plays_the_same_calls() -> None:
    assert play_many(EVERY, 40, seed=3) == play_many(EVERY, 40, seed=3)
    assert play_many(EVERY, 40, seed=3) != play_many(EVERY, 40, seed=4)


def test_nothing_misread_is_nothing_to_play() -> None:
    with pytest.raises(ValueError, match="no photo"):
        play_many([], 1, seed=1)


# ---- what a caller answers


@pytest.mark.parametrize(
    ("truth", "told", "answer"),
    [
        ("481915", "487915", say(Meaning.POSITION, 3)),
        ("4815", "48715", say(Meaning.POSITION, 3)),
        ("481915", "48915", Keyed("481915#")),
        ("481915", "777915", Keyed("481915#")),
        ("4819", "4819", say(Meaning.NO)),
    ],
)
def test_the_first_wrong_digit_is_named_and_the_rest_keyed(
    truth: str, told: str, answer: Heard | Keyed
) -> None:
    assert Mind((truth,), [told]).answer([Say("place_ask")]) == answer


def test_yes_and_no_are_pressed_once_the_keys_were_named() -> None:
    mind = Mind(("48",), ["48"])
    assert mind.answer([Say("checking_ask")]) == say(Meaning.YES)
    assert mind.answer([Say("yes_no_2"), Say("checking_ask")]) == Keyed("1")


def test_a_digit_at_the_wrong_place_is_refused() -> None:
    mind = Mind(("4819",), ["4879"])
    right = Say("alternative_one", {"position": 3, "read": "7", "value": "1"})
    assert mind.answer([right]) == say(Meaning.YES)
    assert mind.answer([Say("alternative_next", {"value": "9"})]) == say(Meaning.NO)
    assert mind.answer([Say("digit_key", {"position": 4})]) == say(Meaning.NO)
    assert mind.answer([Say("digit_key", {"position": 3})]) == Keyed("1#")


# ---- how they are heard


def test_answers_are_heard_as_often_as_the_table_says() -> None:
    ears = Ears(ASSUMED, Random(1))
    heard = [ears.hear(say(Meaning.POSITION, 3), frozenset(Meaning)) for _ in range(2000)]
    assert 1140 < sum(one == say(Meaning.POSITION, 3) for one in heard) < 1260
    assert 60 < sum(one.meaning is Meaning.POSITION and one.number != 3 for one in heard) < 140


def test_what_is_not_listened_for_is_not_heard() -> None:
    assert perfect().hear(say(Meaning.POSITION, 3), ANSWERS).meaning is Meaning.UNCLEAR


def test_a_misheard_answer_is_another_of_its_kind() -> None:
    wrong = Ears(dict.fromkeys(ASSUMED, Rates(0.0, 1.0)), Random(1))
    everything = frozenset(Meaning)
    assert wrong.hear(say(Meaning.YES), everything).meaning is Meaning.NO
    assert wrong.hear(say(Meaning.NO), everything).meaning is Meaning.YES
    assert wrong.hear(say(Meaning.POSITION, 3), everything).number != 3


def test_rates_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "rates.toml"
    file.write_text("[no]\nright = 0.9\nwrong = 0.0\n")
    assert rates_from(file) == {**ASSUMED, Meaning.NO: Rates(0.9, 0.0)}


@pytest.mark.parametrize(
    "text", ["[no]\nright = 0.9", "[no]\nright = 0.9\nwrong = 0.2", "[maybe]", "[help]", "no"]
)
def test_a_file_without_rates_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "rates.toml"
    file.write_text(text.replace("[help]", "[help]\nright = 0.9\nwrong = 0.0"))
    with pytest.raises(ValueError, match="rates"):
        rates_from(file)


# ---- the command


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two photos, one with another label than stands on it: so it counts as misread."""
    for name in ("482915.jpg", "731417.jpg"):
        shutil.copy(SAMPLES / name, tmp_path)
    with (tmp_path / "labels.csv").open("w", newline="") as file:
        csv.writer(file).writerows(
            [
                ("file", "group", "label"),
                ("482915.jpg", "a", "482|917"),
                ("731417.jpg", "a", "731417"),
            ]
        )
    return tmp_path


def run(*words: str) -> tuple[int, str]:
    app = typer.Typer()
    app.add_typer(bench.app, name="bench")
    result = CliRunner().invoke(app, ["bench", "corrections", *words])
    return result.exit_code, result.stdout


def test_photos_that_are_read_wrongly_are_found(photos: Path) -> None:
    (found,) = misread_photos(photos)
    assert found.truth == ("482", "917")
    assert found.reading.text == "482915"
    assert not found.same_shape


def test_the_command_counts_and_writes_its_section(photos: Path) -> None:
    page = photos / "page.md"
    page.write_text(f"# Page\n\n## {TITLE}\n\nbygone\n\n## Next\n\nkept\n")
    status, out = run(str(photos), "--callers", "5", "--json", "--page", str(page))
    assert status == 0
    assert json.loads(out)["calls"] == 5
    written = page.read_text()
    assert "bygone" not in written
    assert written.index("5 simulated callers") < written.index("## Next\n\nkept")


def test_without_json_people_get_a_table(photos: Path) -> None:
    status, out = run(str(photos), "--callers", "3")
    assert status == 0
    assert "wrong labels" in out


def test_a_folder_without_misread_photos_or_labels_is_bad_usage(photos: Path) -> None:
    (photos / "labels.csv").write_text("file,group,label\n482915.jpg,a,482915\n")
    assert run(str(photos))[0] == 2
    (photos / "labels.csv").unlink()
    assert run(str(photos))[0] == 2


def test_a_section_without_calls_of_a_kind_still_has_its_column() -> None:
    tally = play_many([LIKELY], 4, seed=1)
    assert "| calls | 4 | 4 | 0 |" in as_section(tally)
    assert as_section(replace(tally, calls=())).startswith("## ")


def test_a_section_names_the_rates_that_were_given() -> None:
    file = "docs/rates-ko-20db.toml"
    measured = rates_from(Path(__file__).parents[2] / file)
    section = as_section(play_many([LIKELY], 4, seed=1, rates=measured), file)
    assert f"--rates {file}" in section and f"which are those of `{file}`" in section
    assert "--rates" not in as_section(play_many([LIKELY], 4, seed=1))


def test_help_says_how_a_file_of_rates_looks() -> None:
    status, told = run("--help")
    assert status == 0
    assert "[yes]" in told and "[position]" in told

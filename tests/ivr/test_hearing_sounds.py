# SPDX-License-Identifier: Apache-2.0
"""The reader of speech sounds, and what comes of it and a recogniser of words together."""

import numpy as np
import pytest

from ivr.audio import SILENCE
from ivr.catalogue import load
from ivr.dialog.types import ANSWERS, COMMANDS, Heard, Meaning
from ivr.hearing.alignment import fit
from ivr.hearing.sayings import Answer, sayings_of
from ivr.hearing.sounds import SHIPPED, Opinion, SoundReader
from ivr.hearing.together import Alone, Together

HEARS = ANSWERS | COMMANDS
YES, NO, REPEAT = Answer(Meaning.YES), Answer(Meaning.NO), Answer(Meaning.REPEAT)


def opinion(**whole: float) -> Opinion:
    fits = {Answer(Meaning(name)): value for name, value in whole.items()}
    by_sound = {answer: value / 4 for answer, value in fits.items()}
    return Opinion(fits, by_sound, dict.fromkeys(fits, "a phrase"))


class Told(SoundReader):
    """A reader of sounds that thinks what it is told."""

    def __init__(self, *thinks: Opinion) -> None:
        self._thinks = thinks

    def opinions(self, sound: np.ndarray) -> tuple[Opinion, ...]:
        return self._thinks


class Words:
    """A recogniser of words that hears what it is told."""

    def __init__(self, heard: Heard | None) -> None:
        self._heard = heard

    def recognise(self, utterance: bytes, hears: frozenset[Meaning]) -> Heard | None:
        return self._heard


def together(thinks: Opinion, heard: Meaning | None, *at_other_speeds: Opinion) -> Meaning | None:
    words = Words(None if heard is None else Heard(heard, 0.9, "word"))
    said = Together(Told(thinks, *at_other_speeds), words).recognise(SILENCE * 4000, HEARS)
    return said and said.meaning


# ---- how well phrases fit -----------------------------------------------------------------


def frames(*phones: int) -> np.ndarray:
    """Log probabilities of four phones, one nearly certain in each frame."""
    chances = np.full((len(phones), 4), 0.02)
    chances[np.arange(len(phones)), phones] = 0.94
    return np.log(chances).astype(np.float32)


def test_the_phrase_that_was_said_fits_best() -> None:
    said = frames(0, 1, 1, 0, 2, 0)
    fits = fit(said, [(1, 2), (1,), (2, 1), (1, 3)])
    assert fits.argmax() == 0
    assert fits[0] > -0.1 and fits[1:].max() < -3


def test_a_phrase_said_twice_is_not_the_phrase_said_once() -> None:
    once, twice = frames(0, 1, 1, 0, 0), frames(0, 1, 0, 1, 0)
    assert fit(once, [(1,), (1, 1)]).argmax() == 0
    assert fit(twice, [(1,), (1, 1)]).argmax() == 1


def test_a_phrase_longer_than_the_sound_does_not_fit() -> None:
    assert fit(frames(1, 2), [(1, 2, 3, 1, 2)])[0] < -1000


# ---- when it is sure ----------------------------------------------------------------------


def test_an_answer_that_fits_well_and_alone_is_sure() -> None:
    assert opinion(yes=-0.5, no=-9, repeat=-5).sure_of(HEARS) == YES
    assert opinion(yes=-3.5, no=-9, repeat=-7).sure_of(HEARS) == YES


@pytest.mark.parametrize(
    "doubtful",
    [
        opinion(yes=-0.5, no=-9, repeat=-1.5),
        opinion(yes=-5.0, no=-20, repeat=-20),
        opinion(yes=-3.5, no=-9, repeat=-6),
    ],
)
def test_what_fits_badly_or_like_another_is_not(doubtful: Opinion) -> None:
    assert doubtful.sure_of(HEARS) is None


def test_a_command_must_fit_better_than_an_answer() -> None:
    assert opinion(repeat=-0.5, yes=-9).sure_of(HEARS) is None
    assert opinion(repeat=0.1, yes=-9).sure_of(HEARS) == REPEAT


def test_what_may_not_be_meant_now_is_never_sure_but_speaks_against_others() -> None:
    digit = Answer(Meaning.DIGIT, 2)
    both = Opinion({YES: -0.5, digit: -0.2}, {YES: -0.5, digit: -0.2}, {})
    assert both.sure_of(HEARS) is None
    assert both.sure_of(frozenset({Meaning.DIGIT})) is None
    alone = Opinion({YES: -9.0, digit: -0.2}, {YES: -9.0, digit: -0.2}, {})
    assert alone.sure_of(frozenset({Meaning.DIGIT})) == digit


# ---- together with words ------------------------------------------------------------------


def test_sure_sounds_need_no_words() -> None:
    assert together(opinion(no=-0.2, yes=-9), None) is Meaning.NO
    assert together(opinion(no=-0.2, yes=-9), Meaning.YES) is Meaning.NO


def test_sure_sounds_name_the_phrase_they_fit() -> None:
    said = Together(Told(opinion(no=-0.2, yes=-9)), Words(None)).recognise(SILENCE * 4000, HEARS)
    assert said is not None and said.text == "a phrase"


def test_words_count_where_the_sounds_allow_them() -> None:
    unsure = opinion(no=-6, yes=-7, repeat=-6)
    assert together(unsure, Meaning.NO) is Meaning.NO
    assert together(unsure, None) is None
    assert together(unsure, Meaning.UNCLEAR) is Meaning.UNCLEAR


def test_words_that_do_not_sound_like_it_are_unclear() -> None:
    assert together(opinion(no=-9, yes=-20), Meaning.YES) is Meaning.UNCLEAR
    assert together(opinion(no=-3.4, yes=-7.5, repeat=-4), Meaning.YES) is Meaning.UNCLEAR


def test_likely_sounds_count_where_no_word_is_clear() -> None:
    likely = opinion(yes=-5, no=-20, repeat=-8.5)
    assert together(likely, None) is Meaning.YES
    assert together(likely, Meaning.UNCLEAR) is Meaning.YES
    assert together(likely, Meaning.NO) is Meaning.UNCLEAR
    assert together(opinion(repeat=-5, yes=-20), None) is None


def test_an_answer_that_is_sure_at_one_speed_counts() -> None:
    assert together(opinion(yes=-6, no=-7), None, opinion(yes=-0.5, no=-9)) is Meaning.YES


def test_opposite_answers_at_two_speeds_are_none() -> None:
    assert together(opinion(yes=-0.5, no=-9), None, opinion(yes=-9, no=-0.5)) is None


def test_an_answer_is_disputed_where_another_fits_much_better_at_another_speed() -> None:
    sure = opinion(yes=-0.5, no=-9)
    assert together(sure, None, opinion(yes=-6.5, no=-6)) is None
    assert together(sure, None, opinion(yes=-6, no=-6.5, repeat=-0.9)) is None
    assert together(sure, None, opinion(yes=-6, no=-6.5, repeat=-1.1)) is Meaning.YES


AHEAD = opinion(yes=-6.0, no=-14.0)


@pytest.mark.parametrize(
    ("at_each_speed", "heard"),
    [
        ((AHEAD, AHEAD), Meaning.YES),
        ((AHEAD, opinion(yes=-6.0, no=-8.0)), Meaning.UNCLEAR),
        ((AHEAD, opinion(no=-6.0, yes=-14.0)), Meaning.UNCLEAR),
        ((opinion(yes=-8.0, no=-16.0),) * 2, Meaning.UNCLEAR),
        ((opinion(repeat=-6.0, no=-14.0),) * 2, Meaning.UNCLEAR),
    ],
)
def test_without_words_a_yes_or_no_far_ahead_at_every_speed_counts_if_it_fits_fairly(
    at_each_speed: tuple[Opinion, ...], heard: Meaning
) -> None:
    said = Alone(Told(*at_each_speed)).recognise(SILENCE * 4000, HEARS)
    assert said is not None and said.meaning is heard
    assert together(at_each_speed[0], None, *at_each_speed[1:]) is None


def test_words_count_where_the_sounds_allow_them_at_one_speed() -> None:
    assert together(opinion(no=-9, yes=-20), Meaning.YES, opinion(no=-9, yes=-7)) is Meaning.YES


def test_no_sound_is_no_word() -> None:
    assert Together(Told(opinion(yes=0.0)), Words(None)).recognise(b"", HEARS) is None


# ---- the network that ships ---------------------------------------------------------------


@pytest.mark.parametrize("language", SHIPPED)
def test_the_shipped_network_takes_any_sound_and_is_small(language: str) -> None:
    reader = SoundReader(language, sayings_of(load(language)))
    noise = np.random.default_rng(1).normal(0, 0.05, 12_000).astype(np.float32)
    for sound in (noise, noise[:10], np.zeros(4000, dtype=np.float32)):
        assert all(one.sure_of(HEARS) is None for one in reader.opinions(sound))
    assert reader.opinions(noise) == reader.opinions(noise)
    assert len({str(one) for one in reader.opinions(noise)}) > 1
    assert SHIPPED[language]
    assert all(network.stat().st_size < 3_000_000 for network in SHIPPED[language])

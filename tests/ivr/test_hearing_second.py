# SPDX-License-Identifier: Apache-2.0
"""The second opinion: its verdicts, its processes, and what an ear makes of it."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import numpy as np
import pytest
from stream_plan import VOICE

from ivr.audio import SILENCE, Samples
from ivr.dialog.types import ANSWERS, COMMANDS, Heard, Meaning
from ivr.hearing import Hearing, Listener
from ivr.hearing.judging import YesNoJudge
from ivr.hearing.mel import log_mel
from ivr.hearing.opening import open_second_opinion
from ivr.hearing.sayings import Answer
from ivr.hearing.second import Considered, Judge, JudgePool
from ivr.hearing.sounds import Opinion, SoundReader
from ivr.hearing.verdict import SHIPS
from ivr.listening.channel import Said
from ivr.listening.line import ask
from ivr.listening.unhurried import Unhurried

YES, NO, REPEAT = Meaning.YES, Meaning.NO, Meaning.REPEAT
UNCLEAR = Heard(Meaning.UNCLEAR, 0.0)
SAID = Considered(Heard(YES, 0.9), 0.3)
SAYINGS = {"yes": Answer(YES), "no": Answer(NO), "again": Answer(REPEAT)}

KOREAN, ENGLISH = SHIPS["ko"], SHIPS["en"]

Judges = Callable[[], dict[str, Judge]]


class Speaker:
    """A judge that hears what bytes say; says in which process it sat."""

    def judge(self, utterance: bytes) -> Heard:
        if utterance == b"wait":
            Path(os.environ["SONSORI_TEST_GATE"]).read_bytes()
        if utterance == b"die":
            os._exit(1)
        return Heard(Meaning(utterance.decode()), 1.0, str(os.getpid()))


def speakers() -> dict[str, Judge]:
    return {"ko": Speaker()}


def broken() -> dict[str, Judge]:
    raise OSError("ko: not a model")


def pool(judges: Judges = speakers) -> JudgePool:
    return JudgePool(judges, {"ko"}, 1)


def test_an_opinion_comes_from_another_process_which_is_then_free_again() -> None:
    judges = pool()
    for meaning in (YES, NO):
        asked = judges.ask("ko", meaning.encode())
        assert asked is not None
        heard = asked.result(60).heard
        assert heard.meaning is meaning and heard.text != str(os.getpid())
    judges.close()


def test_nobody_is_asked_while_the_only_judge_thinks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    monkeypatch.setenv("SONSORI_TEST_GATE", str(gate))
    judges = pool()
    thinking = judges.ask("ko", b"wait")
    assert thinking is not None and judges.ask("ko", b"yes") is None
    gate.write_bytes(b"")
    assert isinstance(thinking.exception(60), ValueError)  # "wait" means nothing
    assert judges.ask("ko", b"yes") is not None
    judges.close()


class Clock:
    """Stands still until it is told."""

    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def ends_badly(judges: JudgePool, utterance: bytes) -> None:
    asked = judges.ask("ko", utterance)
    assert asked is not None and isinstance(asked.exception(60), BrokenProcessPool)


def test_a_pool_whose_process_died_begins_anew_after_a_minute() -> None:
    clock = Clock()
    judges = JudgePool(speakers, {"ko"}, 1, clock)
    ends_badly(judges, b"die")
    clock.now_s += 59
    assert judges.ask("ko", b"yes") is None
    clock.now_s += 1
    asked = judges.ask("ko", b"yes")
    assert asked is not None and asked.result(60).heard.meaning is YES
    judges.close()


def test_a_pool_that_cannot_begin_is_tried_ever_less_often() -> None:
    clock = Clock()
    judges = JudgePool(broken, {"ko"}, 1, clock)
    for rest_s in (60, 120, 240):
        ends_badly(judges, b"yes")
        clock.now_s += rest_s - 1
        assert judges.ask("ko", b"yes") is None
        clock.now_s += 1
    judges.close()


def test_what_takes_too_much_of_a_processor_is_late_on_the_bench() -> None:
    quick, slow = Unhurried(Given(SAID)), Unhurried(Given(Considered(SAID.heard, 1.3)))
    given = [one.ask("ko", b"") for one in (quick, slow)]
    assert [one.result().heard.meaning for one in given if one] == [YES, Meaning.UNCLEAR]
    assert (slow.take_time_s(), slow.take_time_s()) == (1.3, 0.0)


class Given:
    """Whoever is asked says this."""

    languages = frozenset({"en"})

    def __init__(self, said: Considered | None) -> None:
        self.asked: Future[Considered] = Future()
        if said is not None:
            self.asked.set_result(said)

    def warm(self) -> list[Future[Considered]]:
        return []

    def ask(self, language: str, utterance: bytes) -> Future[Considered] | None:
        return self.asked


class Unsure:
    def recognise(self, utterance: bytes, hears: frozenset[Meaning]) -> Heard | None:
        return UNCLEAR


def ear(asked: Future[Considered] | None) -> Listener:
    """Has just found a word unclear, and asked."""
    listener = Listener(lambda: Unsure(), lambda utterance, hears: asked)
    for _ in range(50):
        listener.feed(SILENCE * 160)
    listener.open(ANSWERS)
    for begin in range(0, len(VOICE), 160):
        listener.feed(VOICE[begin : begin + 160].ljust(160, SILENCE))
    while listener._unclear is None:
        assert listener.feed(SILENCE * 160) is None
    return listener


def silence(listener: Listener, milliseconds: int) -> list[Heard]:
    heard = (listener.feed(SILENCE * 160) for _ in range(0, milliseconds, 20))
    return [one for one in heard if one is not None]


def test_what_was_unclear_is_clear_when_the_second_opinion_comes() -> None:
    asked: Future[Considered] = Future()
    listener = ear(asked)
    assert silence(listener, 1000) == []
    asked.set_result(SAID)
    assert silence(listener, 20) == [SAID.heard]
    assert silence(listener, 2000) == []


def test_a_caller_waits_no_longer_than_that_for_a_second_opinion() -> None:
    assert silence(ear(Future()), 1180) == []
    asked: Future[Considered] = Future()
    late = ear(asked)
    assert silence(late, 1200) == [UNCLEAR]
    asked.set_result(SAID)
    assert silence(late, 2000) == []


def test_without_a_second_opinion_it_is_asked_again_as_ever() -> None:
    failed: Future[Considered] = Future()
    failed.set_exception(OSError())
    unclear: Future[Considered] = Future()
    unclear.set_result(Considered(UNCLEAR, 0.3))
    for asked in (None, failed, unclear):
        assert silence(ear(asked), 600) == [UNCLEAR]


def test_a_second_opinion_on_a_question_that_is_over_is_nothing() -> None:
    asked: Future[Considered] = Future()
    listener = ear(asked)
    listener.close()
    asked.set_result(SAID)
    assert silence(listener, 2000) == []


def test_it_comes_after_the_sounds(tmp_path: Path) -> None:
    hearing = Hearing(tmp_path, second=Given(SAID))
    assert hearing.engine("en") == "our reader of sounds, then Whisper"
    assert hearing.ask_again("en", VOICE, ANSWERS | COMMANDS) is not None


def test_a_call_goes_on_with_the_second_opinion(tmp_path: Path) -> None:
    said = Said(SILENCE * 8 * 3000 + VOICE + SILENCE * 8 * 2000, 3000)
    answer = ask(said, "en", Hearing(tmp_path, second=Given(SAID)))
    assert answer.meaning is YES
    longer = answer.with_second(0.3)
    assert longer.thinking_ms == pytest.approx(answer.thinking_ms + 300)
    assert longer.cpu_s == pytest.approx(answer.cpu_s + 0.3)


def test_it_is_asked_about_yes_and_no_in_its_own_language_only(tmp_path: Path) -> None:
    hearing = Hearing(tmp_path, second=Given(SAID))
    assert hearing.ask_again("en", VOICE, COMMANDS) is None
    assert hearing.ask_again("ko", VOICE, ANSWERS) is None
    assert Hearing(tmp_path).ask_again("en", VOICE, ANSWERS) is None


def test_it_is_off_without_a_setting_weights_or_packages(tmp_path: Path) -> None:
    assert open_second_opinion(None, 1) is None
    assert open_second_opinion(tmp_path, 1, packages=()) is None
    for language in ("ko", "xx"):  # nobody can judge xx
        (tmp_path / language).mkdir()
        (tmp_path / language / "model.bin").touch()
    assert open_second_opinion(tmp_path, 1, packages=("no_such_package",)) is None
    found = open_second_opinion(tmp_path, 1, packages=())
    assert found is not None and found.languages == {"ko"}


class Told:
    """Scores phrases as it was told: first those in hiss, then those in what was said."""

    def __init__(self, *scores: list[float]) -> None:
        self._scores = list(scores)

    def scores(self, sound: Samples, phrases: Sequence[str]) -> list[float]:
        assert list(phrases) == list(SAYINGS)
        return self._scores.pop(0)


class Alike(SoundReader):
    """To it, all answers sound alike."""

    def __init__(self) -> None:
        pass

    def opinions(self, sound: Samples) -> tuple[Opinion, ...]:
        fits = dict.fromkeys(SAYINGS.values(), -2.0)
        return (Opinion(fits, fits, {}),)


def test_words_count_by_how_much_likelier_they_are_than_in_hiss() -> None:
    often_read, rare = -5.0, -20.0
    told = Told([often_read, rare, -6.0], [-4.0, -12.0, -6.0], [-1.0, -20.0, -6.0])
    judge = YesNoJudge(told, SAYINGS, Alike(), KOREAN)
    assert judge.judge(VOICE).meaning is NO  # the yes is likelier, but so it is in hiss
    assert judge.judge(VOICE).meaning is Meaning.UNCLEAR


def test_a_no_that_its_words_make_a_yes_is_left_to_the_sounds() -> None:
    sayings = {**SAYINGS, "틀려요": Answer(NO)}
    told = Told([-5.0, -20.0, -6.0], [-4.0, -12.0, -6.0])  # of SAYINGS alone
    assert YesNoJudge(told, sayings, Alike(), KOREAN).judge(VOICE).meaning is NO


@pytest.mark.parametrize(
    ("yes", "no", "again", "meaning"),
    [
        (6.1, 1.0, 0.0, YES),
        (1.0, 4.6, 0.0, NO),  # a no needs less
        (5.9, 1.0, 0.0, Meaning.UNCLEAR),  # not clear
        (6.1, 3.2, 0.0, Meaning.UNCLEAR),  # not alone
        (6.1, 1.0, 6.2, Meaning.UNCLEAR),  # something else is clearer
    ],
)
def test_words_are_enough_where_they_are_clear_and_apart(
    yes: float, no: float, again: float, meaning: Meaning
) -> None:
    sounds = {YES: -2.4, NO: -2.4, REPEAT: -1.5}
    assert KOREAN.on({YES: yes, NO: no, REPEAT: again}, sounds).meaning is meaning


@pytest.mark.parametrize(("sound", "meaning"), [(-2.9, NO), (-3.1, Meaning.UNCLEAR)])
def test_no_word_is_clear_enough_for_sounds_that_do_not_fit(sound: float, meaning: Meaning) -> None:
    words = {YES: 0.0, NO: 9.0, REPEAT: 0.0}
    assert KOREAN.on(words, {YES: -4.0, NO: sound}).meaning is meaning


def test_words_that_are_not_clear_need_sounds_that_are() -> None:
    words = {YES: 4.0, NO: 1.0, REPEAT: 0.0}
    assert KOREAN.on(words, {YES: -1.3, NO: -3.0}).meaning is YES
    assert KOREAN.on(words, {YES: -1.5, NO: -3.0}).meaning is Meaning.UNCLEAR
    assert KOREAN.on(words, {YES: -1.3, NO: -1.0}).meaning is Meaning.UNCLEAR


def test_what_sounds_more_like_a_digit_is_no_answer() -> None:
    sounds = {YES: -1.3, NO: -3.0}
    unclear, clear = ({YES: yes, NO: 1.0, REPEAT: 0.0} for yes in (4.0, 7.0))
    assert KOREAN.on(unclear, {**sounds, Meaning.DIGIT: -1.4}).meaning is YES
    assert KOREAN.on(unclear, {**sounds, Meaning.DIGIT: -1.2}).meaning is Meaning.UNCLEAR
    assert KOREAN.on(clear, {**sounds, Meaning.DIGIT: -0.4}).meaning is YES
    assert KOREAN.on(clear, {**sounds, Meaning.DIGIT: -0.2}).meaning is Meaning.UNCLEAR


def test_in_english_words_count_as_they_are_and_a_yes_must_stand_further_apart() -> None:
    words = {YES: -1.0, NO: -4.0, REPEAT: -9.0}
    assert ENGLISH.on(words, {YES: -1.0, NO: -3.0}).meaning is YES
    assert ENGLISH.on(words, {YES: -1.0, NO: -2.0}).meaning is Meaning.UNCLEAR
    assert ENGLISH.on(words, {YES: -3.5, NO: -5.5}).meaning is Meaning.UNCLEAR  # not likely
    opposite = {YES: -4.0, NO: -1.0, REPEAT: -9.0}
    assert ENGLISH.on(opposite, {YES: -2.0, NO: -1.5}).meaning is NO


def test_in_english_nothing_else_may_sound_nearly_as_much_like_it() -> None:
    plain = Told([-1.0, -9.0, -9.0])
    assert YesNoJudge(plain, SAYINGS, Alike(), ENGLISH).judge(VOICE).meaning is Meaning.UNCLEAR
    words, sounds = {YES: -1.0, NO: -9.0, REPEAT: -9.0}, {YES: -1.0, NO: -3.0}
    assert ENGLISH.on(words, {**sounds, Meaning.DIGIT: -2.1}).meaning is YES
    assert ENGLISH.on(words, {**sounds, Meaning.DIGIT: -1.9}).meaning is Meaning.UNCLEAR


def test_it_is_as_confident_as_a_sound_fits() -> None:
    heard = KOREAN.on({YES: 7.0, NO: 1.0, REPEAT: 0.0}, {YES: -1.0, NO: -3.0})
    assert heard.confidence == pytest.approx(0.368, abs=0.001)


@pytest.mark.parametrize(("hz", "band"), [(1000, 25), (3000, 53)])
def test_a_tone_is_loudest_in_its_own_band(hz: int, band: int) -> None:
    tone = np.sin(2 * np.pi * hz * np.arange(16000) / 16000).astype(np.float32)
    seen = log_mel(tone, 2.0)
    assert seen.shape == (80, 200) and seen.dtype == np.float32
    assert abs(int(seen[:, 50].argmax()) - band) <= 2
    assert seen.max() - seen.min() == pytest.approx(2.0)  # eight powers of ten, a quarter each
    assert seen[:, 150].max() == seen.min()  # the silence behind it

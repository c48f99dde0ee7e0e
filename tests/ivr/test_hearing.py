# SPDX-License-Identifier: Apache-2.0
"""What hears callers: Korean by sounds and words, English by sounds, through a phone channel."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from ivr.audio import SILENCE, band_pass, decode, encode, set_level
from ivr.catalogue import load
from ivr.dialog.types import ANSWERS, COMMANDS, Heard, Meaning
from ivr.hearing import Hearing, Recogniser
from ivr.hearing.endpoint import FRAME_BYTES, Endpointer
from ivr.hearing.models import find_model, prepare_model
from ivr.hearing.sayings import sayings_of
from ivr.hearing.together import Alone
from ivr.hearing.vosk_engine import VoskRecogniser
from ivr.voice import CALLER_VOICES, EspeakEngine

HEARS = ANSWERS | COMMANDS


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def korean(data_dir: Path) -> Recogniser:
    recogniser = Hearing(data_dir).warm("ko").result()
    assert recogniser is not None
    return recogniser


@pytest.fixture(scope="module")
def english(data_dir: Path) -> Recogniser:
    """As installed: no Vosk model of English comes with it."""
    recogniser = Hearing(data_dir).warm("en").result()
    assert isinstance(recogniser, Alone)
    return recogniser


@pytest.fixture(scope="module")
def caller() -> Iterator[EspeakEngine]:
    engine = EspeakEngine(CALLER_VOICES)
    yield engine
    engine.close()


def over_the_phone(sound: bytes, level_dbfs: float = -22) -> bytes:
    """300 to 3400 Hz, a noisy line, mu-law, with quiet around it."""
    quiet = SILENCE * 4000
    line = np.random.default_rng(1).normal(0, 10 ** (-62 / 20), 8000 + len(sound))
    speech = set_level(band_pass(decode(quiet + sound + quiet), 300, 3400), level_dbfs)
    return encode(speech + line.astype(np.float32))


def utterances(sound: bytes) -> list[bytes]:
    endpointer = Endpointer()
    frames = [sound[i : i + FRAME_BYTES] for i in range(0, len(sound) - 159, FRAME_BYTES)]
    return [ended for frame in frames if (ended := endpointer.feed(frame)) is not None]


def only_utterance(sound: bytes) -> bytes:
    found = utterances(sound)
    assert len(found) == 1
    return found[0]


# ---- where words begin and end ------------------------------------------------------------


def test_one_word_is_one_utterance_with_some_quiet_around_it(caller: EspeakEngine) -> None:
    word = caller.speak("네", "ko")
    utterance = only_utterance(over_the_phone(word))
    assert len(word) < len(utterance) < len(word) + 5000


@pytest.mark.parametrize("level_dbfs", [-45, -62])
def test_an_empty_line_says_nothing(level_dbfs: float) -> None:
    noise = np.random.default_rng(3).normal(0, 10 ** (level_dbfs / 20), 80_000)
    assert utterances(encode(noise.astype(np.float32))) == []
    assert utterances(SILENCE * 80_000) == []


def test_a_click_is_no_word() -> None:
    click = np.zeros(16_000, dtype=np.float32)
    click[8000:8200] = 0.5
    assert utterances(encode(click)) == []


def test_a_voice_in_another_room_is_no_caller(caller: EspeakEngine) -> None:
    assert utterances(over_the_phone(caller.speak("네", "ko"), level_dbfs=-55)) == []


def test_speech_without_end_is_cut_after_six_seconds(caller: EspeakEngine) -> None:
    word = caller.speak("아니요", "ko")
    found = utterances(SILENCE * 4000 + word * 40)
    assert found and max(map(len, found)) <= 6 * 8000


def test_speech_under_way_can_be_ended_from_outside(caller: EspeakEngine) -> None:
    endpointer = Endpointer()
    sound = SILENCE * 1600 + caller.speak("아니요", "ko")
    for i in range(0, 4000, FRAME_BYTES):
        endpointer.feed(sound[i : i + FRAME_BYTES])
    assert endpointer.speaking
    assert endpointer.flush()
    assert not endpointer.speaking and endpointer.flush() is None


def after_a_question(endpointer: Endpointer, sound: np.ndarray, asked_s: float) -> list[bytes]:
    """What ends after `asked_s` of mu-law frames, until when no answer is wanted."""
    line, asked = encode(sound.astype(np.float32)), round(asked_s * 8000)
    starts = range(0, len(line) - FRAME_BYTES + 1, FRAME_BYTES)
    ended = [
        (at, endpointer.feed(line[at : at + FRAME_BYTES], wanted=at >= asked)) for at in starts
    ]
    return [utterance for at, utterance in ended if utterance and at >= asked + 4000]


def placed(word: bytes, at_s: float, seconds: float, level_dbfs: float) -> np.ndarray:
    """The word on an empty line."""
    line = np.zeros(round(seconds * 8000), dtype=np.float32)
    sound = set_level(decode(word), level_dbfs)
    line[round(at_s * 8000) :][: sound.size] = sound
    return line


def test_a_room_that_was_loud_from_the_beginning_is_noise_when_the_question_ends(
    caller: EspeakEngine,
) -> None:
    spoken = np.resize(decode(caller.speak("텔레비전 소리입니다", "ko")), 40_000)
    starts = np.random.default_rng(4).integers(40_000, size=7)
    talkers = [np.roll(spoken, int(start)) for start in starts]
    room = set_level(np.sum(talkers, axis=0).astype(np.float32), -30)
    word = caller.speak("아니요", "ko")
    answered = room + placed(word, at_s=3.0, seconds=5, level_dbfs=-16)
    (utterance,) = after_a_question(Endpointer(), answered, asked_s=2.5)
    assert len(utterance) < len(word) + 5000


def test_who_answers_too_early_can_say_it_again(caller: EspeakEngine) -> None:
    word = caller.speak("네 맞습니다", "ko")
    early = placed(word, at_s=0.8, seconds=5, level_dbfs=-22)
    again = placed(word, at_s=2.8, seconds=5, level_dbfs=-22)
    (utterance,) = after_a_question(Endpointer(), early + again, asked_s=2.5)
    assert len(utterance) > 0.8 * len(word)


# ---- what the words mean ------------------------------------------------------------------


@pytest.mark.parametrize(("text", "meaning"), [("네", Meaning.YES), ("아니요", Meaning.NO)])
def test_yes_and_no_are_heard_over_the_phone(
    korean: Recogniser, caller: EspeakEngine, text: str, meaning: Meaning
) -> None:
    """No two sayings are the same: the voice breathes. One of five may have to be repeated."""
    sayings = [over_the_phone(caller.speak(text, "ko")) for _ in range(5)]
    heard = [korean.recognise(only_utterance(saying), HEARS) for saying in sayings]
    meanings = [Meaning.UNCLEAR if h is None else h.meaning for h in heard]
    assert meanings.count(meaning) >= 3
    assert set(meanings) <= {meaning, Meaning.UNCLEAR}


@pytest.mark.parametrize(
    "text", ["안녕하세요", "사 팔 이", "잠깐만 기다려", "텔레비전", "오늘 날씨가 좋습니다"]
)
def test_other_speech_is_no_yes(korean: Recogniser, caller: EspeakEngine, text: str) -> None:
    for utterance in utterances(over_the_phone(caller.speak(text, "ko"))):
        heard = korean.recognise(utterance, HEARS)
        assert heard is None or heard.meaning is not Meaning.YES


def test_the_line_alone_means_nothing(korean: Recogniser) -> None:
    noise = np.random.default_rng(3).normal(0, 10 ** (-62 / 20), 16_000)
    heard = korean.recognise(encode(noise.astype(np.float32)), HEARS)
    assert heard is None or heard.meaning is Meaning.UNCLEAR


def test_the_same_sound_gives_the_same_words_also_in_four_threads(
    korean: Recogniser, caller: EspeakEngine
) -> None:
    words = ["네", "아니요", "다시", "천천히"]
    sounds = [over_the_phone(caller.speak(word, "ko")) for word in words]
    alone = [korean.recognise(sound, HEARS) for sound in sounds]
    assert [korean.recognise(sound, HEARS) for sound in sounds] == alone
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(partial(korean.recognise, hears=HEARS), sounds)) == alone


# ---- English, by its sounds alone ----------------------------------------------------------


@pytest.mark.parametrize(("text", "meaning"), [("yes", Meaning.YES), ("no", Meaning.NO)])
def test_yes_and_no_are_heard_in_english(
    english: Recogniser, caller: EspeakEngine, text: str, meaning: Meaning
) -> None:
    """As in Korean, one of five may have to be repeated."""
    sayings = [over_the_phone(caller.speak(text, "en")) for _ in range(5)]
    heard = [english.recognise(only_utterance(saying), HEARS) for saying in sayings]
    meanings = [Meaning.UNCLEAR if h is None else h.meaning for h in heard]
    assert meanings.count(meaning) >= 3
    assert set(meanings) <= {meaning, Meaning.UNCLEAR}


@pytest.mark.parametrize(
    "text", ["hello", "four eight two", "hold on a second", "television", "what did you say"]
)
def test_other_english_is_neither_yes_nor_no(
    english: Recogniser, caller: EspeakEngine, text: str
) -> None:
    for utterance in utterances(over_the_phone(caller.speak(text, "en"))):
        heard = english.recognise(utterance, HEARS)
        assert heard is None or heard.meaning not in ANSWERS


def test_what_may_be_the_rest_of_its_opposite_is_asked_again(
    english: Recogniser, caller: EspeakEngine
) -> None:
    for text, allowed in (("correct", ()), ("incorrect", (Meaning.NO,))):
        heard = english.recognise(only_utterance(over_the_phone(caller.speak(text, "en"))), HEARS)
        assert heard is not None and heard.meaning in (Meaning.UNCLEAR, *allowed)


def test_a_line_without_speech_means_nothing_in_english(english: Recogniser) -> None:
    noise = np.random.default_rng(3).normal(0, 10 ** (-62 / 20), 16_000)
    heard = english.recognise(encode(noise.astype(np.float32)), HEARS)
    assert heard is None or heard.meaning is Meaning.UNCLEAR
    assert english.recognise(b"", HEARS) is None


# ---- models -------------------------------------------------------------------------------


def test_only_the_settings_of_a_model_are_copied(data_dir: Path) -> None:
    model = find_model("ko", {})
    assert model is not None
    prepared = prepare_model(model, "ko", data_dir)
    assert prepare_model(model, "ko", data_dir) == prepared
    assert (prepared / "am").is_symlink() and (prepared / "graph").is_symlink()
    assert "--dither=0" in (prepared / "conf" / "mfcc.conf").read_text()
    assert "--dither=0" not in (model / "conf" / "mfcc.conf").read_text()


def test_a_folder_set_for_a_language_goes_before_the_wheel(tmp_path: Path) -> None:
    assert find_model("ko", {"ko": tmp_path}) == tmp_path


def test_what_vosk_has_downloaded_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = tmp_path / "vosk-model-small-fr-0.22"
    (model / "conf").mkdir(parents=True)
    monkeypatch.setenv("VOSK_MODEL_PATH", str(tmp_path))
    assert find_model("fr", {}) == model
    assert find_model("xx", {}) is None


def test_a_language_that_nothing_reads_has_no_recogniser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ivr.hearing.sounds.SHIPPED", {})
    hearing = Hearing(tmp_path)
    assert hearing.recogniser("en") is None
    assert hearing.engine("en") == "none, keys only"


def test_a_broken_model_of_words_leaves_the_sounds(tmp_path: Path) -> None:
    broken = tmp_path / "models" / "ko"
    (broken / "conf").mkdir(parents=True)
    (broken / "conf" / "mfcc.conf").write_text("--use-energy=false\n")
    hearing = Hearing(tmp_path / "data", tmp_path / "models")
    assert isinstance(hearing.warm("ko").result(), Alone)
    assert hearing.engine("ko") == "our reader of sounds"


def test_a_model_is_loaded_once(data_dir: Path) -> None:
    hearing = Hearing(data_dir)
    assert hearing.warm("en") is hearing.warm("en")


def test_all_of_the_korean_catalogue_is_in_the_models_words(data_dir: Path) -> None:
    """All of them: "맞습니다" in two pieces, "네네" in one."""
    everything = frozenset(Meaning) - {Meaning.UNCLEAR}
    model, sayings = find_model("ko", {}), sayings_of(load("ko"))
    assert model is not None
    words = VoskRecogniser(prepare_model(model, "ko", data_dir), sayings, ())
    assert set(words.grammar(everything).phrases.values()) == set(sayings.values())
    assert words.grammar(everything) is words.grammar(everything)


def test_hearing_nothing_at_all_is_no_error(korean: Recogniser) -> None:
    assert korean.recognise(b"", HEARS) is None
    assert isinstance(korean.recognise(SILENCE * 160, HEARS), Heard | None)

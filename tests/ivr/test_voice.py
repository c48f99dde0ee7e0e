# SPDX-License-Identifier: Apache-2.0
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from played_call import YES, PlayedCall
from sample_readings import reading

from ivr.audio import SILENCE, active_dbfs, decode, encode, write_wav
from ivr.catalogue import languages, load
from ivr.voice import (
    CALLER_VOICES,
    EspeakEngine,
    EspeakVoice,
    RecordedEngine,
    Voice,
    VoiceError,
)
from ivr.voice.recorded import clip_name


@dataclass(frozen=True)
class Piece:
    text: str
    pause_ms: int = 0


class CountingEngine:
    """Speaks one byte a letter and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, float]] = []

    def speak(self, text: str, language: str, pace: float) -> bytes:
        self.asked.append((text, language, pace))
        return b"\x10" * len(text)


@pytest.fixture(scope="module")
def espeak() -> Iterator[EspeakEngine]:
    engine = EspeakEngine()
    yield engine
    engine.close()


# ---- joining ------------------------------------------------------------------------------


def test_pieces_follow_each_other_with_their_pauses() -> None:
    sound = Voice(CountingEngine()).render([Piece("ab", 10), Piece("c")], "ko")
    assert sound == b"\x10" * 2 + SILENCE * 80 + b"\x10"


def test_a_slower_pace_has_longer_pauses() -> None:
    assert len(Voice(CountingEngine()).render([Piece("", 100)], "ko", 0.5)) == 1600


def test_an_extreme_pace_is_brought_into_range() -> None:
    engine = CountingEngine()
    Voice(engine).render([Piece("a")], "ko", 9.0)
    assert engine.asked == [("a", "ko", 1.5)]


def test_what_was_said_once_is_not_rendered_again() -> None:
    engine = CountingEngine()
    voice = Voice(engine)
    assert voice.render([Piece("a")], "ko") == voice.render([Piece("a")], "ko")
    voice.render([Piece("a")], "en")
    assert [language for _, language, _ in engine.asked] == ["ko", "en"]


def test_secret_words_are_not_remembered() -> None:
    engine = CountingEngine()
    voice = Voice(engine)
    voice.render([Piece("4 8 2")], "ko", secret=True)
    voice.render([Piece("4 8 2")], "ko", secret=True)
    assert len(engine.asked) == 2


def test_single_digits_of_secret_prompts_are_remembered_since_everybody_hears_them() -> None:
    engine = CountingEngine()
    voice = Voice(engine, common={"ko": frozenset({"사"})})
    voice.render([Piece("사"), Piece("팔")], "ko", secret=True)
    voice.render([Piece("사"), Piece("팔")], "ko", secret=True)
    assert [text for text, _, _ in engine.asked] == ["사", "팔", "팔"]


def test_only_the_newest_clips_are_kept() -> None:
    engine = CountingEngine()
    voice = Voice(engine, clips_kept=2)
    for text in ["a", "b", "a", "c", "a", "b"]:
        voice.render([Piece(text)], "ko")
    assert [text for text, _, _ in engine.asked] == ["a", "b", "c", "b"]


def test_a_piece_without_words_is_only_its_pause() -> None:
    engine = CountingEngine()
    assert Voice(engine).render([Piece(" ", 1)], "ko") == SILENCE * 8
    assert engine.asked == []


# ---- recordings ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["네", clip_name("네")])
def test_a_recording_goes_before_the_engine(tmp_path: Path, name: str) -> None:
    (tmp_path / "ko").mkdir()
    buzz = np.sin(np.arange(16000) / 5).astype(np.float32) * np.float32(0.01)
    write_wav(tmp_path / "ko" / f"{name}.wav", [buzz], 16000)
    clip = RecordedEngine(tmp_path, CountingEngine()).speak("네", "ko", 1.0)
    assert len(clip) == 8000
    assert active_dbfs(decode(clip)) == pytest.approx(-20, abs=0.5)


@pytest.mark.parametrize("text", ["아니요", "../ko/네", "."])
def test_what_was_not_recorded_is_spoken_by_the_engine(tmp_path: Path, text: str) -> None:
    (tmp_path / "ko").mkdir()
    write_wav(tmp_path / "ko" / "네.wav", [np.zeros(8, dtype=np.float32)], 8000)
    engine = CountingEngine()
    RecordedEngine(tmp_path, engine).speak(text, "ko", 1.0)
    assert engine.asked == [(text, "ko", 1.0)]


# ---- espeak-ng ----------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "language"), [("여섯 자리입니다", "ko"), ("six digits", "en")])
def test_words_become_sound_at_a_good_level(espeak: EspeakEngine, text: str, language: str) -> None:
    samples = decode(espeak.speak(text, language))
    assert 0.5 < samples.size / 8000 < 4
    assert active_dbfs(samples) == pytest.approx(-20, abs=1)


def test_a_slower_pace_takes_longer(espeak: EspeakEngine) -> None:
    normal, slow = (len(espeak.speak("다시 한 번 말씀해 주세요", "ko", p)) for p in (1.0, 0.6))
    assert slow > 1.2 * normal


def test_every_digit_sounds_different(espeak: EspeakEngine) -> None:
    digits = ["공", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"]
    assert len({espeak.speak(digit, "ko") for digit in digits}) == 10


def length_s(call: PlayedCall, voice: Voice) -> float:
    language = call.state.language
    said = (voice.render(load(language).render(say), language, say.pace) for say in call.says)
    return len(b"".join(said).rstrip(SILENCE)) / 8000


@pytest.mark.parametrize("language", languages())
def test_a_call_is_short_to_listen_to(espeak: EspeakEngine, language: str) -> None:
    voice = Voice(espeak)
    call = PlayedCall(reading("482915"), language=language).answered()
    heard_s = [length_s(call, voice)]
    while not call.hangs_up:
        heard_s.append(length_s(call.after(YES), voice))
    assert heard_s[0] <= 6
    assert sum(heard_s) < 30


def test_nothing_around_a_clip_is_silent(espeak: EspeakEngine) -> None:
    samples = np.abs(decode(espeak.speak("칠", "ko")))
    assert samples[:400].max() > 0.01 and samples[-400:].max() > 0.001


def test_words_without_sound_are_no_error(espeak: EspeakEngine) -> None:
    assert len(espeak.speak("…", "ko")) < 8000


def test_a_dead_helper_is_started_again(espeak: EspeakEngine) -> None:
    espeak.speak("네", "ko")
    assert espeak._helper is not None
    os.kill(espeak._helper.pid, signal.SIGKILL)
    assert len(espeak.speak("네", "ko")) > 2000


def test_a_voice_that_does_not_exist_is_named() -> None:
    engine = EspeakEngine({"ko": EspeakVoice("nobody")})
    with pytest.raises(VoiceError, match="no voice 'nobody'"):
        engine.speak("네", "ko")
    engine.close()


def test_a_language_without_a_voice_is_named(espeak: EspeakEngine) -> None:
    with pytest.raises(VoiceError, match="language 'xx'"):
        espeak.speak("네", "xx")


def test_the_callers_voice_is_another(espeak: EspeakEngine) -> None:
    caller = EspeakEngine(CALLER_VOICES)
    assert caller.speak("네", "ko") != espeak.speak("네", "ko")
    caller.close()


def test_the_library_never_enters_this_process(espeak: EspeakEngine) -> None:
    espeak.speak("네", "ko")
    assert "libespeak" not in Path("/proc/self/maps").read_text()


def test_a_clip_goes_through_the_codec_unchanged(espeak: EspeakEngine) -> None:
    clip = espeak.speak("네", "ko")
    assert encode(decode(clip)).replace(b"\x7f", b"\xff") == clip.replace(b"\x7f", b"\xff")

# SPDX-License-Identifier: Apache-2.0
"""What the line carries while we speak, through the real recogniser: no false alarm, no echo."""

from collections.abc import Iterator

import numpy as np
import pytest

from ivr.audio import SILENCE, Samples, band_pass, decode, encode, set_level
from ivr.dialog.types import ANSWERS, COMMANDS, Heard
from ivr.hearing import Hearing, Recogniser
from ivr.stream.clock import MediaClock, Span
from ivr.stream.echo import is_echo, likeness
from ivr.stream.overhear import Gate, Overhearing
from ivr.voice import CALLER_VOICES, SERVICE_VOICES, EspeakEngine, EspeakVoice

PROMPT = "다시 들으시려면 별표를 눌러 주세요. 천천히 들으시려면 천천히라고 말씀해 주세요."
SECOND = 8000
COMMANDING = EspeakVoice("ko+f4", 165, 55)  # whose commands Vosk hears best


@pytest.fixture(scope="module")
def korean(tmp_path_factory: pytest.TempPathFactory) -> Recogniser:
    recogniser = Hearing(tmp_path_factory.mktemp("data")).warm("ko").result()
    assert recogniser is not None
    return recogniser


@pytest.fixture(scope="module")
def caller() -> Iterator[EspeakEngine]:
    engine = EspeakEngine(CALLER_VOICES)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def prompt() -> bytes:
    """What the service is saying meanwhile; it names commands."""
    engine = EspeakEngine(SERVICE_VOICES)
    spoken = engine.speak(PROMPT, "ko")
    engine.close()
    return spoken


def over_the_phone(sound: bytes, level_dbfs: float = -24) -> Samples:
    """The band of a phone line, with a second of its own noise around."""
    line = np.random.default_rng(1).normal(0, 1e-3, len(sound) + 2 * SECOND)
    line[SECOND : SECOND + len(sound)] += set_level(band_pass(decode(sound), 300, 3400), level_dbfs)
    return line.astype(np.float32)


def overheard(line: Samples, prompt: bytes, korean: Recogniser) -> Heard | None:
    """What interrupts the prompt, if the caller's line carries this while it plays."""

    def played(span: Span) -> bytes:
        quiet = SILENCE * (8 * max(0, -span.began_ms))
        return quiet + prompt[8 * max(0, span.began_ms) : 8 * span.ended_ms]

    clock, sound = MediaClock(), encode(line)
    ear = Overhearing(lambda: korean, clock, played)
    ear.open(ANSWERS | COMMANDS)
    for start in range(0, len(sound) - 159, 160):
        clock.hear(start // 8)
        heard = ear.feed(sound[start : start + 160])
        if heard is not None:
            return heard
    return None


@pytest.mark.parametrize(
    "text",
    [
        "네",
        "아니요",
        "음",
        "잠깐만 기다려",
        "뉴스 속보를 전해드립니다",
        "내일은 전국에 비가 오겠습니다",
        "엄마 배고파",
        "다이얼 패드 일 버튼",
        "키패드 숨기기 버튼",
        "취소 버튼",
        "지금은 전화를 받을 수 없으니 다시 걸어 주시기 바랍니다",
    ],
)
def test_other_speech_interrupts_nothing(
    korean: Recogniser, caller: EspeakEngine, prompt: bytes, text: str
) -> None:
    assert overheard(over_the_phone(caller.speak(text, "ko")), prompt, korean) is None


@pytest.mark.parametrize("kind", ["hiss", "hum", "knocks", "tones"])
def test_noise_interrupts_nothing(korean: Recogniser, prompt: bytes, kind: str) -> None:
    time = np.arange(6 * SECOND) / SECOND
    noise = {
        "hiss": np.random.default_rng(2).normal(0, 0.1, time.size),
        "hum": 0.2 * np.sin(2 * np.pi * 120 * time),
        "knocks": 0.5 * (np.modf(1.7 * time)[0] < 0.02),
        "tones": 0.2 * np.sin(2 * np.pi * 697 * time) * (np.modf(2 * time)[0] < 0.4),
    }[kind]
    assert overheard(noise.astype(np.float32), prompt, korean) is None


@pytest.mark.parametrize("faint_db", [6, 20])
def test_our_own_commands_come_back_interrupt_nothing(
    korean: Recogniser, prompt: bytes, faint_db: int
) -> None:
    echo = np.concatenate([np.zeros(2400, np.float32), decode(prompt)]) * 10 ** (-faint_db / 20)
    assert overheard(echo.astype(np.float32), prompt, korean) is None


def test_a_command_interrupts(korean: Recogniser, prompt: bytes) -> None:
    """No two sayings are the same: the voice breathes. Some may have to be repeated."""
    engine = EspeakEngine({"ko": COMMANDING})
    sayings = [band_pass(decode(engine.speak("도움말", "ko")), 300, 3400) for _ in range(5)]
    engine.close()
    quiet = np.zeros(SECOND, np.float32)
    lines = [np.concatenate([quiet, saying, quiet]) for saying in sayings]
    heard = [overheard(line, prompt, korean) for line in lines]
    assert {str(found.meaning) for found in heard if found is not None} == {"help"}


# ---- echo ---------------------------------------------------------------------------------


@pytest.mark.parametrize("delay_ms", [0, 200, 1100])
@pytest.mark.parametrize("faint_db", [3, 30])
def test_an_echo_is_known_at_any_delay_and_level(
    prompt: bytes, delay_ms: int, faint_db: int
) -> None:
    played = decode(prompt)
    piece = band_pass(played[4000:12_000], 300, 3400) * np.float32(10 ** (-faint_db / 20))
    window = played[max(0, 4000 - 8 * delay_ms) : 13_000]
    assert is_echo(decode(encode(piece)), window)


def test_another_voice_is_no_echo_even_with_the_same_words(
    prompt: bytes, caller: EspeakEngine
) -> None:
    words = decode(caller.speak(PROMPT[:2], "ko"))
    assert likeness(words, decode(prompt)) < 0.3


@pytest.mark.parametrize("played", [b"", SILENCE * 100, SILENCE * SECOND])
def test_where_nothing_was_played_nothing_comes_back(caller: EspeakEngine, played: bytes) -> None:
    assert not is_echo(decode(caller.speak("네", "ko")), decode(played))


# ---- the gate -----------------------------------------------------------------------------


def test_what_is_soft_beside_something_loud_is_kept() -> None:
    gate, soft, loud = Gate(), encode(np.full(160, 0.003, np.float32)), b"\x00" * 160
    frames = [soft] * 20 + [loud] + [soft] * 20
    passed = [gate.pass_on(frame) for frame in frames]
    late = Gate.LATE_MS // 20
    assert passed.index(loud) == 20 + late
    assert [frame != SILENCE * 160 for frame in passed].count(True) == late + 1 + 5

# SPDX-License-Identifier: Apache-2.0
"""What the synthetic voice is made to say: short answers, and syllables that mean nothing."""

from __future__ import annotations

import numpy as np

from training.speech.korean import pronounce

ANSWERS = (
    "네", "예", "네 네", "네 맞습니다", "맞습니다", "맞아요", "네 맞아요", "네에", "그래요",
    "아니요", "아니", "아니오", "아뇨", "틀렸습니다", "아니요 틀렸습니다", "틀려요", "아닙니다",
    "다시", "다시 한번", "반복", "천천히", "느리게", "빨리", "도움말", "그만", "취소", "영어로",
    "하나씩", "거꾸로", "첫 번째", "두 번째", "세 번째", "네 번째", "다섯 번째", "여섯 번째",
    "일곱 번째", "여덟 번째", "공", "영", "하나", "둘", "셋", "넷",
    "일", "이", "삼", "사", "오", "육", "칠", "팔", "구",
)  # fmt: skip

# Numbers of letters as Unicode orders them, each as often as it is to come.
_INITIALS = (
    0, 0, 0, 2, 2, 2, 3, 3, 5, 5, 5, 6, 6, 7, 7, 9, 9, 9, 11, 11, 11, 11, 11, 12, 12, 14, 15, 16,
    17, 18, 18, 1, 4, 8, 10, 13,
)  # fmt: skip
_VOWELS = (
    0, 0, 0, 0, 1, 2, 4, 4, 4, 5, 5, 6, 8, 8, 8, 9, 12, 13, 13, 13, 14, 16, 17, 18, 18, 18, 20,
    20, 20, 20,
)  # fmt: skip
_FINALS = (0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 4, 1, 8, 8, 16, 21, 21, 17, 19)


def draw_spoken(random: np.random.Generator) -> str:
    """The sounds of `draw_text`."""
    return pronounce(draw_text(random))


def draw_text(random: np.random.Generator) -> str:
    """An answer, a word or a few words, a quarter, a quarter and a half of the time."""
    kind = random.random()
    if kind < 0.25:
        return ANSWERS[int(random.integers(len(ANSWERS)))]
    if kind < 0.5:
        return _word(random, 4)
    return " ".join(_word(random, 5) for _ in range(int(random.integers(1, 6))))


def _word(random: np.random.Generator, below: int) -> str:
    return "".join(_syllable(random) for _ in range(int(random.integers(1, below))))


def _syllable(random: np.random.Generator) -> str:
    initial, vowel, final = (
        letters[int(random.integers(len(letters)))] for letters in (_INITIALS, _VOWELS, _FINALS)
    )
    return chr(0xAC00 + initial * 588 + vowel * 28 + final)

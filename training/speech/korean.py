# SPDX-License-Identifier: Apache-2.0
"""Korean spelling as speech sounds: liaison, voicing and nasals, enough for a synthetic voice."""

from __future__ import annotations

from training.speech.phones import Phones

_FIRST_SYLLABLE = 0xAC00  # U+AC00 and on: 19 initials, 21 vowels, 28 finals, in this order
_VOWELS, _FINALS = 21, 28
_SILENT_INITIAL = 11
_TENSE = frozenset({1, 4, 8, 10, 13})

_INITIAL = (
    "k", "k", "n", "t", "t", "ɾ", "m", "p", "p", "s", "s", "", "ʨ", "ʨ", "ʨʰ", "kʰ", "tʰ",
    "pʰ", "h",
)  # fmt: skip
_VOWEL = (
    "a", "ɛ", "ja", "jɛ", "ʌ", "e", "jʌ", "je", "o", "wa", "wɛ", "we", "jo", "u", "wʌ", "we", "wi",
    "ju", "ɯ", "ɰi", "i",
)  # fmt: skip
_FINAL = {
    0: "", 1: "k", 2: "k", 3: "k", 4: "n", 5: "n", 6: "n", 7: "t", 8: "l", 9: "k", 10: "m",
    11: "l", 12: "l", 13: "l", 14: "p", 15: "l", 16: "m", 17: "p", 18: "p", 19: "t", 20: "t",
    21: "ŋ", 22: "t", 23: "t", 24: "k", 25: "t", 26: "p", 27: "t",
}  # fmt: skip
_FINAL_AS_INITIAL = {
    1: 0, 2: 1, 4: 2, 7: 3, 8: 5, 16: 6, 17: 7, 19: 9, 20: 10, 22: 12, 23: 14, 24: 15, 25: 16,
    26: 17, 27: 18,
}  # fmt: skip
_VOICED = {"k": "ɡ", "t": "d", "p": "b", "ʨ": "ʥ"}
_NASAL = {"k": "ŋ", "t": "n", "p": "m"}
_VOICES_WHAT_FOLLOWS = frozenset("aɛʌeouɯinmŋl")

PHONES = Phones(
    "aehijklmnopstuwŋɛɯɾʌʨʰ", {"ɡ": "k", "d": "t", "b": "p", "ʥ": "ʨ", "ɕ": "s", "ɰ": "", " ": ""}
)
"""What the network tells apart; voicing is not among it, nor is ɰ."""


def ways(phrase: str) -> tuple[str, ...]:
    """How `phrase` may sound. At the beginning, Seoul's m is often all but b: 맞습니다.

    Raises `ValueError` for what is not Hangul.
    """
    plain = pronounce(phrase)
    return (plain, "p" + plain[1:]) if plain.startswith("m") else (plain,)


def pronounce(text: str) -> str:
    """Hangul words in the International Phonetic Alphabet, as Kokoro's voices take it.

    Raises `ValueError` for what is not Hangul.
    """
    return " ".join(map(_word, text.split()))


def _word(word: str) -> str:
    spoken = ""
    for initial, vowel, final in _linked([_split(letter) for letter in word]):
        onset = _INITIAL[initial]
        if spoken and initial not in _TENSE and spoken[-1] in _VOICES_WHAT_FOLLOWS:
            onset = _VOICED.get(onset, onset)
        if spoken and onset in ("n", "m") and spoken[-1] in _NASAL:
            spoken = spoken[:-1] + _NASAL[spoken[-1]]
        if onset == "s" and _VOWEL[vowel][0] in "ij":
            onset = "ɕ"
        spoken += onset + _VOWEL[vowel] + _FINAL[final]
    return spoken


def _split(letter: str) -> tuple[int, int, int]:
    number = ord(letter) - _FIRST_SYLLABLE
    if not 0 <= number < len(_INITIAL) * _VOWELS * _FINALS:
        raise ValueError(f"{letter!r} is not Hangul")
    return number // (_VOWELS * _FINALS), number // _FINALS % _VOWELS, number % _FINALS


def _linked(syllables: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """A final consonant before a vowel begins the next syllable."""
    for at, (initial, vowel, final) in enumerate(syllables[:-1]):
        next_initial, *rest = syllables[at + 1]
        if next_initial == _SILENT_INITIAL and final in _FINAL_AS_INITIAL:
            syllables[at] = initial, vowel, 0
            syllables[at + 1] = (_FINAL_AS_INITIAL[final], rest[0], rest[1])
    return syllables

# SPDX-License-Identifier: Apache-2.0
"""The few phrases a caller may say, as a recogniser's grammar, and what they mean.

Two rules keep other speech from being taken for an answer. Filler words compete with the real
ones: whatever is not an answer sounds more like some filler. And a hearing counts only when
all its telling words agree.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from unicodedata import normalize

from ivr.dialog.types import Heard, Meaning
from ivr.hearing.sayings import Answer, Sayings

_SURE_YES = 0.7  # a wrong yes costs a caller most
_LONGEST_PIECE = 10


@dataclass(frozen=True, slots=True)
class Word:
    """One word as recognised; `confidence` is the recogniser's, 0 to 1."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Grammar:
    """What whole `phrases` mean, and single `pieces` of them, in the recogniser's own words.

    `others` are phrases that mean nothing now, and `fillers` their pieces that belong to no
    phrase. Pieces that begin no phrase (endings), and those of several meanings, tell nothing
    on their own: they are in neither `pieces` nor `fillers`.
    """

    phrases: Mapping[str, Answer]
    pieces: Mapping[str, Answer]
    others: tuple[str, ...]
    fillers: frozenset[str]

    def as_json(self) -> str:
        return json.dumps([*self.phrases, *self.others], ensure_ascii=False)

    def judge(self, words: Sequence[Word]) -> Heard | None:
        """What the words mean together; None when nothing was said.

        A filler or telling words that disagree make it UNCLEAR, so does an unsure yes.
        """
        if not words:
            return None
        text = " ".join(word.text for word in words)
        telling = [w for w in words if w.text in self.pieces or text in self.phrases]
        found = {self.phrases.get(text) or self.pieces[word.text] for word in telling}
        if len(found) != 1 or any(word.text in self.fillers for word in words):
            return Heard(Meaning.UNCLEAR, 0.0, text)
        answer, confidence = found.pop(), min(word.confidence for word in telling)
        if answer.meaning is Meaning.YES and confidence < _SURE_YES:
            return Heard(Meaning.UNCLEAR, confidence, text)
        return Heard(answer.meaning, confidence, text, answer.number)


def build_grammar(
    sayings: Sayings,
    hears: Set[Meaning],
    fillers: Iterable[str],
    knows: Callable[[str], bool],
) -> Grammar:
    """A grammar of the sayings that may be meant now, in words the recogniser `knows`.

    Words it does not know are split into pieces it does ("맞습니다": "맞습", "니다"). Phrases
    that cannot be split are left out. Numbers that may not be meant are fillers.
    """
    split = {phrase: " ".join(split_phrase(phrase, knows)) for phrase in (*sayings, *fillers)}
    phrases = {split[p]: a for p, a in sayings.items() if split[p] and a.meaning in hears}
    told_by: dict[str, set[Answer]] = {}
    for phrase, answer in phrases.items():
        for piece in phrase.split():
            told_by.setdefault(piece, set()).add(answer)
    beginnings = {phrase.split()[0] for phrase in phrases}
    telling = {p: next(iter(told_by[p])) for p in beginnings if len(told_by[p]) == 1}
    numbers = (p for p, a in sayings.items() if a.number is not None and a.meaning not in hears)
    unmeant = (split[p] for p in numbers if not _begins_like_any(split[p], phrases))
    others = {*(split[p] for p in fillers), *unmeant} - {"", *phrases, *told_by}
    known = frozenset(piece for other in others for piece in other.split()) - told_by.keys()
    return Grammar(phrases, telling, tuple(sorted(others)), known)


def _begins_like_any(other: str, phrases: Iterable[str]) -> bool:
    """Whether it begins with the sounds of a whole phrase, as 넷 does with 네: no filler then,
    for it would take that answer's place."""
    sounds = normalize("NFD", other)
    return any(sounds.startswith(normalize("NFD", phrase)) for phrase in phrases)


def split_phrase(phrase: str, knows: Callable[[str], bool]) -> tuple[str, ...]:
    """All words of `phrase` in known pieces; () if one of them cannot be split."""
    split = [split_word(word, knows) for word in phrase.split()]
    return tuple(piece for word in split for piece in word) if all(split) else ()


def split_word(word: str, knows: Callable[[str], bool]) -> tuple[str, ...]:
    """The fewest known pieces that make up `word`, the first as long as can be; () if none."""
    best: list[tuple[str, ...] | None] = [None] * len(word) + [()]
    for start in reversed(range(len(word))):
        for end in range(min(len(word), start + _LONGEST_PIECE), start, -1):
            rest = best[end]
            if rest is None or not knows(word[start:end]):
                continue
            current = best[start]
            if current is None or len(rest) + 1 < len(current):
                best[start] = (word[start:end], *rest)
    return best[0] or ()

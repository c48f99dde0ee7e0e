# SPDX-License-Identifier: Apache-2.0
"""The few phrases a caller may say, as a recogniser's grammar, and what they mean.

Two rules keep other speech from being taken for an answer. Filler words compete with the real
ones: whatever is not an answer sounds more like some filler. And a hearing counts only when
all its telling words agree.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ivr.dialog.types import Heard, Meaning

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

    Pieces that begin no phrase (endings), and those of several meanings, tell nothing on
    their own: they are in neither `pieces` nor `fillers`.
    """

    phrases: Mapping[str, Meaning]
    pieces: Mapping[str, Meaning]
    fillers: frozenset[str]

    def as_json(self) -> str:
        return json.dumps([*self.phrases, *sorted(self.fillers)], ensure_ascii=False)

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
        meaning, confidence = found.pop(), min(word.confidence for word in telling)
        if meaning is Meaning.YES and confidence < _SURE_YES:
            meaning = Meaning.UNCLEAR
        return Heard(meaning, confidence, text)


def build_grammar(
    hearing: Mapping[Meaning, Iterable[str]], fillers: Iterable[str], knows: Callable[[str], bool]
) -> Grammar:
    """A grammar in words the recogniser `knows`.

    Words it does not know are split into pieces it does ("맞습니다": "맞습", "니다"). Phrases
    that cannot be split are left out.
    """
    phrases: dict[str, Meaning] = {}
    told_by: dict[str, set[Meaning]] = {}
    for meaning, phrase in ((m, p) for m, spoken in hearing.items() for p in spoken):
        split = [split_word(word, knows) for word in phrase.split()]
        if not all(split):
            continue
        pieces = [piece for word in split for piece in word]
        phrases[" ".join(pieces)] = meaning
        for piece in pieces:
            told_by.setdefault(piece, set()).add(meaning)
    beginnings = {phrase.split()[0] for phrase in phrases}
    telling = {p: next(iter(told_by[p])) for p in beginnings if len(told_by[p]) == 1}
    known = frozenset(word for word in fillers if word not in told_by and knows(word))
    return Grammar(phrases, telling, known)


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

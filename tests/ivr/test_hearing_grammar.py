# SPDX-License-Identifier: Apache-2.0
import json

import pytest

from ivr.catalogue import languages, load
from ivr.dialog.types import Heard, Meaning
from ivr.hearing.grammar import Word, build_grammar, split_word

VOCABULARY = {
    "네", "예", "맞습", "맞", "니다", "습니다", "아니요", "아니", "요", "틀렸", "다시", "천천히",
    "한번", "각", "곡", "not", "right", "yes", "no",
}  # fmt: skip
KOREAN = {
    Meaning.YES: ("네", "네 맞습니다", "맞습니다"),
    Meaning.NO: ("아니요", "아니요 틀렸습니다"),
    Meaning.REPEAT: ("다시", "다시 한번"),
    Meaning.SLOWER: ("천천히", "천천히 다시"),
}
GRAMMAR = build_grammar(KOREAN, ["각", "곡", "없음", "네"], VOCABULARY.__contains__)


def judge(*words: tuple[str, float]) -> Heard | None:
    return GRAMMAR.judge([Word(text, confidence) for text, confidence in words])


def meaning(*texts: str) -> Meaning | None:
    heard = judge(*((text, 0.9) for text in texts))
    return heard and heard.meaning


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("네", ("네",)),
        ("맞습니다", ("맞습", "니다")),
        ("틀렸습니다", ("틀렸", "습니다")),
        ("아니요", ("아니요",)),
        ("모름", ()),
        ("맞습까", ()),
    ],
)
def test_a_word_is_split_into_the_fewest_pieces_the_model_knows(
    word: str, pieces: tuple[str, ...]
) -> None:
    assert split_word(word, VOCABULARY.__contains__) == pieces


def test_the_grammar_holds_phrases_in_pieces_and_known_fillers() -> None:
    words = json.loads(GRAMMAR.as_json())
    assert "아니요 틀렸 습니다" in words
    assert {"각", "곡"} <= set(words)
    assert "없음" not in words


def test_an_answer_is_no_filler() -> None:
    assert GRAMMAR.fillers == {"각", "곡"}


def test_phrases_are_understood_and_so_are_their_beginnings() -> None:
    assert meaning("네") is Meaning.YES
    assert meaning("네", "맞습", "니다") is Meaning.YES
    assert meaning("아니요") is Meaning.NO
    assert meaning("아니요", "습니다") is Meaning.NO
    assert meaning("다시") is Meaning.REPEAT
    assert meaning("다시", "한번") is Meaning.REPEAT
    assert meaning("천천히", "다시") is Meaning.SLOWER


def test_endings_on_their_own_tell_nothing() -> None:
    assert meaning("니다") is Meaning.UNCLEAR
    assert meaning("한번") is Meaning.UNCLEAR


def test_answers_that_disagree_are_none() -> None:
    assert meaning("네", "아니요") is Meaning.UNCLEAR


def test_a_filler_among_the_words_makes_them_unclear() -> None:
    assert meaning("네", "각") is Meaning.UNCLEAR


def test_nothing_said_is_nothing_heard() -> None:
    assert judge() is None


def test_a_yes_must_be_sure_and_a_no_need_not() -> None:
    assert judge(("네", 0.69)) == Heard(Meaning.UNCLEAR, 0.69, "네")
    assert judge(("네", 0.7)) == Heard(Meaning.YES, 0.7, "네")
    assert judge(("아니요", 0.3)) == Heard(Meaning.NO, 0.3, "아니요")


def test_words_of_two_meanings_count_only_as_the_whole_phrase() -> None:
    english = {Meaning.YES: ("right", "yes"), Meaning.NO: ("not right", "no")}
    grammar = build_grammar(english, [], VOCABULARY.__contains__)
    heard = [
        grammar.judge([Word(text, 0.9) for text in phrase.split()])
        for phrase in ("right", "not right", "right not")
    ]
    assert [h and h.meaning for h in heard] == [Meaning.YES, Meaning.NO, Meaning.NO]


@pytest.mark.parametrize("language", languages())
def test_every_language_can_say_each_thing(language: str) -> None:
    grammar = build_grammar(load(language).hearing, (), lambda word: True)
    assert set(grammar.phrases.values()) == set(Meaning) - {Meaning.UNCLEAR}

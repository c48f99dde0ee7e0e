# SPDX-License-Identifier: Apache-2.0
import json

import pytest

from ivr.catalogue import languages, load
from ivr.dialog.types import Heard, Meaning
from ivr.hearing.grammar import Grammar, Word, build_grammar, split_word
from ivr.hearing.sayings import Answer, sayings_of

VOCABULARY = {
    "네", "예", "맞습", "맞", "니다", "습니다", "아니요", "아니", "요", "틀렸", "다시", "천천히",
    "한번", "각", "곡", "번째", "일", "하나", "넷", "not", "right", "yes", "no",
}  # fmt: skip
SPOKEN = {
    Meaning.YES: ("네", "네 맞습니다", "맞습니다"),
    Meaning.NO: ("아니요", "아니요 틀렸습니다"),
    Meaning.REPEAT: ("다시", "다시 한번"),
    Meaning.SLOWER: ("천천히", "천천히 다시"),
}
KOREAN = {phrase: Answer(meaning) for meaning, said in SPOKEN.items() for phrase in said}
NUMBERS = {
    "네 번째": Answer(Meaning.POSITION, 4),
    "일": Answer(Meaning.DIGIT, 1),
    "하나": Answer(Meaning.DIGIT, 1),
    "넷": Answer(Meaning.DIGIT, 4),
}
FILLERS = ["각", "곡", "없음", "네"]
HEARS = frozenset(SPOKEN)


def build(*more: Meaning) -> Grammar:
    return build_grammar(KOREAN | NUMBERS, HEARS | set(more), FILLERS, VOCABULARY.__contains__)


GRAMMAR = build()


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
    assert {"각", "곡"} <= GRAMMAR.fillers
    assert GRAMMAR.fillers.isdisjoint(GRAMMAR.pieces)


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
    english = {
        "right": Answer(Meaning.YES),
        "yes": Answer(Meaning.YES),
        "not right": Answer(Meaning.NO),
        "no": Answer(Meaning.NO),
    }
    grammar = build_grammar(english, HEARS, [], VOCABULARY.__contains__)
    heard = [
        grammar.judge([Word(text, 0.9) for text in phrase.split()])
        for phrase in ("right", "not right", "right not")
    ]
    assert [h and h.meaning for h in heard] == [Meaning.YES, Meaning.NO, Meaning.NO]


def test_a_number_is_heard_only_where_one_may_be_meant() -> None:
    digit = build(Meaning.DIGIT).judge([Word("일", 0.9)])
    assert digit == Heard(Meaning.DIGIT, 0.9, "일", 1)
    assert meaning("일") is meaning("하나") is Meaning.UNCLEAR


def test_a_number_that_may_not_be_meant_is_a_filler() -> None:
    assert {"일", "하나"} <= GRAMMAR.fillers
    assert {"일", "하나"} <= set(json.loads(GRAMMAR.as_json()))


def test_a_number_that_begins_like_an_answer_is_no_filler() -> None:
    assert {"네 번째", "넷"}.isdisjoint(json.loads(GRAMMAR.as_json()))


def test_a_place_that_begins_with_yes_is_a_place_and_yes_stays_yes() -> None:
    grammar = build(Meaning.POSITION)
    place = grammar.judge([Word("네", 0.9), Word("번째", 0.9)])
    assert place == Heard(Meaning.POSITION, 0.9, "네 번째", 4)
    assert grammar.judge([Word("네", 0.9)]) == Heard(Meaning.YES, 0.9, "네")


def test_what_may_not_be_meant_is_not_listened_for() -> None:
    only_no = build_grammar(KOREAN, {Meaning.NO}, FILLERS, VOCABULARY.__contains__)
    assert set(only_no.phrases.values()) == {Answer(Meaning.NO)}
    assert "다시" not in json.loads(only_no.as_json())


@pytest.mark.parametrize("language", languages())
def test_every_language_can_say_each_thing(language: str) -> None:
    everything = frozenset(Meaning) - {Meaning.UNCLEAR}
    sayings = sayings_of(load(language))
    grammar = build_grammar(sayings, everything, (), lambda word: True)
    assert {answer.meaning for answer in grammar.phrases.values()} == everything
    numbers = {a.number for a in sayings.values() if a.meaning is Meaning.DIGIT}
    assert numbers == set(range(10))

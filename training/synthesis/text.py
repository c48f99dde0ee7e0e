# SPDX-License-Identifier: Apache-2.0
"""What people write: numbers of every kind, with separators, beside words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from training.synthesis.characters import Sources, Writer, draw_font, draw_writer, print_font
from training.synthesis.hand import Random

Items = list[tuple[str, Writer]]

SEPARATORS = "-,./ "
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
HANGUL = (
    "가나다라마바사아자차카타파하은행번호전화계좌주문확인서울부산일이삼사오육칠팔구공년월입금원실층"
)
TERMS = (
    "Name", "Date", "Total", "No.", "Room", "Floor", "Page", "Score", "Class", "Amount",
    "Price", "Phone", "Code", "Number", "Account", "Bank", "Item", "Sum", "Tax", "Paid",
    "Due", "Order", "Sign", "Time", "Year", "Month", "Age", "Weight", "Height", "Team",
    "Grade", "Mark", "Question", "Answer", "Student", "Address", "Street", "City", "Note",
    "List", "Result", "Day", "Week", "Group", "Test", "Unit", "Part", "Section", "이름", "날짜",
    "합계", "번호", "전화", "금액", "계좌", "은행", "주소", "학년", "반", "점수", "과목",
    "문제", "정답", "확인", "서명", "비고", "층", "호실",
)  # fmt: skip
SMALL_WORDS = (
    "the", "of", "a", "and", "to", "in", "is", "it", "on", "for", "with", "as", "at", "by",
    "this", "that", "from", "are", "was", "each", "how", "many", "write", "what", "your",
    "be", "or", "if", "can", "all", "one", "two", "there", "find", "which", "use", "has",
    "more", "than", "when", "then", "them",
)  # fmt: skip
SYLLABLES = (
    "ta", "re", "si", "mo", "lan", "ver", "ter", "con", "per", "ing", "al", "der", "en",
    "tion", "ist", "pro", "ma", "ke", "lo", "vi", "sur", "ber", "ham", "nor", "pal", "dis",
    "com", "age", "ent", "ful", "gra", "ster",
)  # fmt: skip
SIGNS = "$€₩%&()#:;*+=✓x"


def draw_number(random: Random, most: int = 14) -> str:
    """Digits, sometimes in groups: a PIN, a phone number, an amount, a date."""
    kind = random.random()
    count = int(random.integers(1, most + 1))
    digits = "".join(str(d) for d in random.integers(0, 10, count))
    if kind < 0.65 or count < 4:
        return digits
    if kind < 0.72:
        return digits[0] * count
    if kind < 0.79:
        cut = count - int(random.integers(1, 3))
        return digits[:cut] + ",."[int(random.integers(2))] + digits[cut:]
    separator = SEPARATORS[int(random.integers(len(SEPARATORS)))]
    size = int(random.integers(2, 5))
    return separator.join(digits[i : i + size] for i in range(0, count, size))


def draw_word(random: Random, alphabet: str, most: int = 8) -> str:
    picked = random.integers(0, len(alphabet), int(random.integers(1, most + 1)))
    return "".join(alphabet[int(i)] for i in picked)


def draw_term(random: Random) -> str:
    """A word as tables and forms have it."""
    return TERMS[int(random.integers(len(TERMS)))]


def draw_running_word(random: Random, korean: bool) -> str:
    """A word of running text: a common one, or one that only looks like a word."""
    if korean:
        return draw_word(random, HANGUL, 4)
    if random.random() < 0.45:
        return SMALL_WORDS[int(random.integers(len(SMALL_WORDS)))]
    picked = random.integers(0, len(SYLLABLES), int(random.integers(1, 5)))
    return "".join(SYLLABLES[int(i)] for i in picked)


def write_number(sources: Sources, random: Random, text: str | None = None) -> Items:
    """A number in one hand; separators come from strokes when the hand has none."""
    writer = draw_writer(sources, random)
    other = draw_writer(Sources(), random)
    text = text if text is not None else draw_number(random)
    return [(c, writer if c == " " or writer.knows(c) else other) for c in text]


def write_word(sources: Sources, random: Random, *, printed: bool | None = None) -> Items:
    """A word of letters or Hangul in a hand or in print; empty when there are no fonts."""
    if sources.fonts is None:
        return []
    printed = bool(random.random() < 0.5) if printed is None else printed
    if sources.fonts.korean and random.random() < 0.3:
        writer: Writer = print_font(sources.fonts.korean, random)
        return [(c, writer) for c in draw_word(random, HANGUL, 5)]
    fonts: Sequence[Path] = sources.fonts.print if printed else sources.fonts.hands
    writer = (print_font if printed else draw_font)(tuple(fonts), random)
    alphabet = LETTERS if random.random() < 0.85 else LETTERS + SIGNS
    word = draw_word(random, alphabet)
    return [(c, writer) for c in (word.capitalize() if random.random() < 0.3 else word)]


def draw_items(sources: Sources, random: Random) -> Items:
    """One line: mostly a number alone, now and then words before or after it, or only words."""
    kind = random.random()
    if kind < 0.7:
        return write_number(sources, random)
    if kind < 0.8 and sources.fonts is not None and sources.fonts.print:
        writer = print_font(sources.fonts.print, random)
        return [(c, writer) for c in draw_number(random)]
    space = [(" ", draw_writer(Sources(), random))]
    if kind < 0.9:
        number, word = (
            write_number(sources, random, draw_number(random, 6)),
            write_word(sources, random),
        )
        return [*word, *space, *number] if random.random() < 0.6 else [*number, *space, *word]
    words = [write_word(sources, random) for _ in range(int(random.integers(1, 3)))]
    return [item for word in words for item in (*word, *space)]

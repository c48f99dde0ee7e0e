# SPDX-License-Identifier: Apache-2.0
"""Check digits: a number that looks like a card's but cannot be one has a digit wrong.

Only ever a doubt, worded with an "if": what looks like a card number may be something else. A
check that passes proves nothing, and nothing is said of it.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

# Sixteen digits in fours, or in one piece, with the first digit of a card network (ISO/IEC 7812).
CARD = re.compile(r"[3-6]\d{3}( ?)\d{4}\1\d{4}\1\d{4}")
# A Korean resident registration number: date of birth, then a first digit for century and sex.
RESIDENT = re.compile(r"(\d{6}) ?([1-8]\d{6})")
# A Korean business registration number. Ten digits may be anything: only written as it is.
BUSINESS = re.compile(r"\d{3} \d{2} \d{5}")
# Whoever was registered from then on has random digits where the check digit was.
RANDOM_FROM = date(2020, 10, 5)


class Kind(StrEnum):
    """What a number seems to be."""

    CARD = "card"
    RESIDENT = "resident"
    BUSINESS = "business"


def misses(text: str) -> Kind | None:
    """The kind of number `text` seems to be, when its check digit says that it is none.

    `text` is one line, with spaces where groups were written.
    """
    digits = [int(digit) for digit in text.replace(" ", "")]
    if CARD.fullmatch(text):
        return None if luhn(digits) else Kind.CARD
    resident = RESIDENT.fullmatch(text)
    if resident and _is_checked(resident[1], resident[2][0]):
        return None if is_resident(digits) else Kind.RESIDENT
    if BUSINESS.fullmatch(text):
        return None if is_business(digits) else Kind.BUSINESS
    return None


def luhn(digits: list[int]) -> bool:
    """Whether a card number's last digit agrees with the others (ISO/IEC 7812-1, annex B)."""
    doubled = (2 * digit - 9 * (digit > 4) for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def is_resident(digits: list[int]) -> bool:
    """Whether the thirteenth digit agrees with the others; foreigners' differs by two."""
    weights = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
    weighed = sum(weight * digit for weight, digit in zip(weights, digits, strict=False))
    base = 13 if digits[6] in (5, 6, 7, 8) else 11
    return digits[12] == (base - weighed % 11) % 10


def is_business(digits: list[int]) -> bool:
    """Whether the tenth digit agrees with the others; the ninth counts with its carry."""
    weights = (1, 3, 7, 1, 3, 7, 1, 3, 5)
    weighed = sum(weight * digit for weight, digit in zip(weights, digits, strict=False))
    return (weighed + 5 * digits[8] // 10 + digits[9]) % 10 == 0


def _is_checked(birth: str, century: str) -> bool:
    """Whether `birth` (YYMMDD) is a date, and one of the time when the check digit was given."""
    year = (1900 if century in "1256" else 2000) + int(birth[:2])
    try:
        return date(year, int(birth[2:4]), int(birth[4:])) < RANDOM_FROM
    except ValueError:
        return False

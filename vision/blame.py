# SPDX-License-Identifier: Apache-2.0
"""What a "no" without a correction tells about single digits: mostly nothing.

It says that something is wrong: any of the digits, or one that is missing. As a label ("this is
no 7") it is good only where the reader itself leaves hardly anything else to be wrong.
"""

from __future__ import annotations

from math import prod

from vision.reading import Digit, Reading

# `python -m training.realigned` counts how often they are right.
LEAST_BLAME = 0.7
RIVAL = 0.1  # of the next best value: a digit without one is doubted for what is missing beside it


def likely_wrong(reading: Reading) -> tuple[Digit, ...]:
    """The digits, rarely more than one, that are wrong if anything is and may well be another.

    That a digit is wrong given that the reading is has the probability (1 - p) / (1 - P): p that
    the digit is right, P that all of them are and none is missing.
    """
    digits = reading.digits
    right = min(reading.confidence, prod(digit.p for digit in digits))
    if right >= 1.0:
        return ()
    blamed = (digit for digit in digits if (1 - digit.p) / (1 - right) >= LEAST_BLAME)
    return tuple(digit for digit in blamed if _rival(digit) >= RIVAL)


def _rival(digit: Digit) -> float:
    """Probability of the value that the digit is the most likely to be instead."""
    return max((other.p for other in digit.alternatives), default=0.0)

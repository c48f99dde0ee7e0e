# SPDX-License-Identifier: Apache-2.0
"""The sounds that a network tells apart in a language, and their numbers."""

from __future__ import annotations

from collections.abc import Mapping


class Phones:
    """`symbols`, one character each, as the network orders them.

    `merged` says what else of the International Phonetic Alphabet stands for which of them; what
    it gives as "" is not told at all.
    """

    def __init__(self, symbols: str, merged: Mapping[str, str]) -> None:
        self._merged = str.maketrans(dict(merged))
        self._numbers = {symbol: number for number, symbol in enumerate(symbols, start=1)}

    def __len__(self) -> int:
        return len(self._numbers)

    def numbers(self, spoken: str) -> tuple[int, ...]:
        """Numbers from 1 (0 is the CTC blank) of what was `spoken`.

        Raises `KeyError` for a sound that the language does not have.
        """
        return tuple(self._numbers[phone] for phone in spoken.translate(self._merged))

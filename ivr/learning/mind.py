# SPDX-License-Identifier: Apache-2.0
"""What a caller presses after what they heard: they know words, and nothing of the photo."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ivr.devphone.transcript import Entry
from ivr.learning.belief import Belief, Kind

_YES, _NO, _END = "1#", "2#", "#"  # the pound key ends an answer: no second passes waiting
_TELLS = ("digits", "checking_keys", "checking_corrected")  # prompts that read a number out
_ASKS_YES = frozenset(
    {"greeting_ask", "greeting_short_ask", "consent_ask", "test_consent_ask", "knows_ask"}
)
_ASKS_NUMBER = frozenset({"keying", "exam"})
_MORE_LINES = frozenset({"keying_line", "keying_more"})


@dataclass(slots=True)
class Mind:
    """One caller on one call. `words` are the language's digits, nought first.

    `line` counts the lines that were keyed: all of the number goes into the first.
    """

    belief: Belief
    words: Sequence[str]
    told: str = ""
    line: int = 0

    def answer(self, heard: Sequence[Entry]) -> str | None:
        """Keys; "" to wait, None to put the telephone down at what cannot be answered."""
        said = [entry for entry in heard if entry.kind == "said"]
        if not said:
            return ""
        told = [self._digits(entry.text) for entry in said if entry.prompt in _TELLS]
        self.told = "".join(told) or self.told
        return self._pressed(said[-1].prompt)

    def _pressed(self, question: str) -> str | None:
        match question:
            case "reading_ask" | "reading_ask_first":
                self.line = 1
                return _YES if self._agrees() else self.belief.number + _END
            case "checking_ask":
                return _YES if self._agrees() else _NO
            case prompt if prompt in _ASKS_YES:
                return _YES
            case prompt if prompt in _ASKS_NUMBER:
                self.line = 1
                return self.belief.number + _END
            case prompt if prompt in _MORE_LINES:
                self.line += 1
                return _END if self.line > 1 else self.belief.number + _END
            case prompt if prompt.startswith("goodbye"):
                return ""
        return None

    def _agrees(self) -> bool:
        return self.belief.kind is Kind.AGREES or self.told == self.belief.number

    def _digits(self, text: str) -> str:
        """The digits among the words of `text`."""
        names = {name: str(digit) for digit, name in enumerate(self.words)}
        return "".join(names[word] for word in re.findall(r"\w+", text) if word in names)

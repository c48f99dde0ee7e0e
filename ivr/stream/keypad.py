# SPDX-License-Identifier: Apache-2.0
"""Keys as answers: one for a question, several for a number, whatever was asked for."""

from __future__ import annotations

from ivr.dialog.types import Expect

# A lone key answers a yes/no question once no other has followed for this long: who keys a
# number seldom rests that long between its first two keys, who answers hardly notices the wait.
_ANSWER_MS = 800
_NUMBER_MS = 5000  # between two keys of a number; longer means that it is complete
_ANSWERS = ("0", "1", "2")  # what may be an answer, or the beginning of a number
_ENDS = "#"


class Keypad:
    """Gathers digits until a pause; any other key completes them at once.

    None is ever lost, and none is told twice. After `Expect.YES_NO` too, keys may be a number.
    """

    def __init__(self) -> None:
        self._expect = Expect.YES_NO
        self._keys = ""
        self._pressed_ms = 0

    @property
    def gathering(self) -> bool:
        return bool(self._keys)

    def expect(self, expect: Expect) -> None:
        """A new question was asked; keys of an unfinished number stay if it wants one too."""
        if expect is not Expect.DIGITS:
            self._keys = ""
        self._expect = expect

    def press(self, key: str, now_ms: int) -> str | None:
        """Take a key; give the keys that are complete with it. The pause begins anew."""
        self._keys += key
        self._pressed_ms = now_ms
        at_once = self._expect in (Expect.PHOTO, Expect.KEY) or not key.isdecimal()
        return self.take() if at_once else None

    def due(self, now_ms: int) -> str | None:
        """What was gathered, once no key has come for long enough."""
        if self._keys and now_ms - self._pressed_ms >= self._pause_ms:
            return self.take()
        return None

    def take(self) -> str:
        """What was gathered so far; a `#` is told only when it stands alone."""
        keys, self._keys = self._keys, ""
        return keys.removesuffix(_ENDS) or keys

    @property
    def _pause_ms(self) -> int:
        answers = self._expect is Expect.YES_NO and self._keys in _ANSWERS
        return _ANSWER_MS if answers else _NUMBER_MS

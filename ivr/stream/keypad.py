# SPDX-License-Identifier: Apache-2.0
"""Keys as answers: one at a time for a question, gathered for a number."""

from __future__ import annotations

from ivr.dialog.types import Expect

_PAUSE_MS = 5000  # between two keys; longer means the number is complete
_ENDS = "#"
_AT_ONCE = "*"  # commands: told without waiting for more


class Keypad:
    """Gathers keys. None is ever lost: what was gathered is told when the pause is over."""

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
        if self._expect is not Expect.DIGITS:
            return key
        self._keys += key
        self._pressed_ms = now_ms
        return self._take() if key in (_ENDS, _AT_ONCE) else None

    def due(self, now_ms: int) -> str | None:
        """What was gathered, once no key has come for long enough."""
        if self._keys and now_ms - self._pressed_ms >= _PAUSE_MS:
            return self._take()
        return None

    def _take(self) -> str:
        keys, self._keys = self._keys, ""
        return keys

# SPDX-License-Identifier: Apache-2.0
"""How long the parts of one turn took: what was said to the caller, and the answer to it."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Took:
    """Times in ms; None for what did not happen.

    `voice`: from what the caller did last to the first sound in answer to it. `question`: what
    was said then, to its end or to where it was cut short. `thought`: from there to the first
    word or key; negative for one that came while the voice was speaking. `answer`: from the
    first to the end of the last word, or from key to key. `decision`: from there until it was
    known what was meant. `behind`: how late we heard the caller's sound, at worst.
    """

    voice: int | None = None
    question: int | None = None
    thought: int | None = None
    answer: int | None = None
    decision: int | None = None
    behind: int | None = None

    def as_dict(self) -> dict[str, int]:
        return {name: ms for name, ms in asdict(self).items() if ms is not None}


UNTIMED = Took()

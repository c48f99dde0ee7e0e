# SPDX-License-Identifier: Apache-2.0
"""When a yes or no is likely enough to count, by its words and by its sounds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ivr.dialog.types import ANSWERS, Heard, Meaning

OPPOSITE = {Meaning.YES: Meaning.NO, Meaning.NO: Meaning.YES}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What must be reached; docs/design-notes.md, Hearing, tells how it was chosen.

    All are log probabilities. `by_sound` is how much a sound of the phrase weighs beside all its
    words; how well it fits is the mean of all looks at it, and `behind` by how much a digit or
    another word may fit better. A wrong yes costs a caller most, and Whisper takes noise for one:
    it must stand further apart from a no than a no from a yes.
    """

    least: float
    yes_apart: float
    no_apart: float
    by_sound: float = 0.0
    behind: float = math.inf

    def on(self, words: Mapping[Meaning, float], sounds: Mapping[Meaning, float]) -> Heard:
        """YES or NO; UNCLEAR when neither is likely enough, or something else is by its words.

        `words` and `sounds` hold both and what else may be said; `sounds` may be empty.
        """
        both = {m: words[m] + self.by_sound * sounds.get(m, 0.0) for m in ANSWERS}
        best = max(ANSWERS, key=lambda meaning: both[meaning])
        apart = both[best] - both[OPPOSITE[best]]
        wanted = self.yes_apart if best is Meaning.YES else self.no_apart
        foremost = words[best] >= max(words[m] for m in words if m is not OPPOSITE[best])
        behind = max((sounds[m] - sounds[best] for m in sounds if m not in ANSWERS), default=0.0)
        if both[best] < self.least or apart < wanted or not foremost or behind > self.behind:
            return Heard(Meaning.UNCLEAR, 0.0)
        return Heard(best, min(1.0, math.exp(words[best])))


WORDS_ALONE = Verdict(least=-3.0, yes_apart=2.0, no_apart=2.0)
WITH_SOUNDS = Verdict(least=-8.5, yes_apart=6.0, no_apart=3.0, by_sound=2.5, behind=0.5)

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

    All are logarithms. Words count by how much likelier they are with the sound than with hiss.
    How well a sound of the phrase fits is the mean of all looks at it: 0 is perfect.
    """

    by_sound: float
    """How much a sound of the phrase weighs beside all its words, where both count together."""
    apart: float
    """How far both together must be from the opposite."""
    sound: float
    """How well a sound must fit at least, however clear the words are."""
    behind: float
    """How much better a sound of a digit or of another word may fit."""
    yes_words: float
    no_words: float
    """Where words are clear enough by themselves. A recogniser hears a yes in less."""
    together: float
    """Where words and sounds are clear enough together, if no sound fits better."""

    def on(self, words: Mapping[Meaning, float], sounds: Mapping[Meaning, float]) -> Heard:
        """YES or NO; UNCLEAR when neither is likely enough, or something else is by its words.

        `words` and `sounds` hold both and what else may be said.
        """
        both = {m: words[m] + self.by_sound * sounds[m] for m in ANSWERS}
        best = max(ANSWERS, key=lambda meaning: both[meaning])
        apart = both[best] - both[OPPOSITE[best]]
        foremost = words[best] >= max(words[m] for m in words if m is not OPPOSITE[best])
        behind = max((sounds[m] - sounds[best] for m in sounds if m not in ANSWERS), default=0.0)
        fits = sounds[best] >= self.sound and behind <= self.behind
        clear = self._says(best, words[best]) or (both[best] >= self.together and behind <= 0)
        if apart < self.apart or not (foremost and fits and clear):
            return Heard(Meaning.UNCLEAR, 0.0)
        return Heard(best, min(1.0, math.exp(sounds[best])))

    def _says(self, answer: Meaning, words: float) -> bool:
        """Whether words are clear enough by themselves."""
        return words >= (self.yes_words if answer is Meaning.YES else self.no_words)


SHIPS = Verdict(
    by_sound=2.5, apart=3.0, sound=-3.0, behind=1.0, yes_words=6.0, no_words=4.5, together=0.5
)

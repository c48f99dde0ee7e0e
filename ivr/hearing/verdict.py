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

    What has no other unit is a logarithm. How well a sound of the phrase fits is the mean of all
    looks at it: 0 is perfect.
    """

    by_sound: float
    """How much a sound of the phrase weighs beside all its words, where both count together."""
    together: float
    """Where words and sounds are clear enough together."""
    beside: float
    """How much better a sound of a digit or of another word may fit then; if below 0, worse."""
    yes_apart: float
    no_apart: float
    """How far both together must be from the opposite."""
    over_hiss: bool = False
    """Whether words count by how much likelier they are with the sound than with hiss."""
    yes_words: float = math.inf
    no_words: float = math.inf
    """Where words are clear enough by themselves."""
    sound: float = -math.inf
    """How well a sound must fit at least, however clear the words are."""
    behind: float = math.inf
    """How much better a sound of something else may fit, however clear the words are."""
    seconds: float = 6.0
    """How much Whisper looks at, of what is said and the silence behind it, at least."""

    def on(self, words: Mapping[Meaning, float], sounds: Mapping[Meaning, float]) -> Heard:
        """YES or NO; UNCLEAR when neither is likely enough, or something else is by its words.

        `words` and `sounds` hold both and what else may be said.
        """
        both = {m: words[m] + self.by_sound * sounds[m] for m in ANSWERS}
        best = max(ANSWERS, key=lambda meaning: both[meaning])
        apart = both[best] - both[OPPOSITE[best]]
        wanted = self.yes_apart if best is Meaning.YES else self.no_apart
        foremost = words[best] >= max(words[m] for m in words if m is not OPPOSITE[best])
        clear = self._is_clear(best, words[best], both[best], sounds)
        if apart < wanted or not (foremost and clear):
            return Heard(Meaning.UNCLEAR, 0.0)
        return Heard(best, min(1.0, math.exp(sounds[best])))

    def _is_clear(
        self, best: Meaning, words: float, both: float, sounds: Mapping[Meaning, float]
    ) -> bool:
        """Whether the words of `best` are enough by themselves, or with its sounds."""
        others = (sounds[m] - sounds[best] for m in sounds if m not in ANSWERS)
        behind = max(others, default=-math.inf)
        enough = self.yes_words if best is Meaning.YES else self.no_words
        fits = sounds[best] >= self.sound and behind <= self.behind
        return fits and (words >= enough or (both >= self.together and behind <= self.beside))


# By the Korean one, "nine" is a no, and "correct" too, for "incorrect" ends so.
SHIPS = {
    "ko": Verdict(
        by_sound=2.5,
        together=0.5,
        beside=0.0,
        yes_apart=3.0,
        no_apart=3.0,
        over_hiss=True,
        yes_words=6.0,
        no_words=4.5,
        sound=-3.0,
        behind=1.0,
        seconds=3.0,
    ),
    "en": Verdict(by_sound=2.5, together=-8.5, beside=-1.0, yes_apart=6.0, no_apart=3.0),
}

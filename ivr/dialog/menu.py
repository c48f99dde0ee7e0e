# SPDX-License-Identifier: Apache-2.0
"""Which commands a caller has at which question, by word at any time and by key in the help.

Few at each: the fewer words are listened for, the surer they are told apart.
"""

from __future__ import annotations

from collections.abc import Mapping

from ivr.dialog.state import Screen
from ivr.dialog.types import ANSWERS, COMMANDS, Meaning

# The same key everywhere, so that it can be learnt; 1, 2, `*` and 0 mean what they always mean.
KEYS: Mapping[str, Meaning] = {
    "3": Meaning.SLOWER,
    "4": Meaning.FASTER,
    "5": Meaning.SINGLY,
    "6": Meaning.BACKWARDS,
    "7": Meaning.LANGUAGE,
    "8": Meaning.LINK,
    "9": Meaning.FORGET,
}
# In this order they are told; a position has no key, since its number is one.
ORDER = (
    Meaning.SLOWER,
    Meaning.FASTER,
    Meaning.SINGLY,
    Meaning.BACKWARDS,
    Meaning.POSITION,
    Meaning.LANGUAGE,
    Meaning.LINK,
    Meaning.FORGET,
)
PACE = frozenset({Meaning.SLOWER, Meaning.FASTER})
MANNER = frozenset({Meaning.SINGLY, Meaning.BACKWARDS})
ABOUT_US = frozenset({Meaning.LANGUAGE, Meaning.LINK, Meaning.FORGET})
_OFFERED: Mapping[Screen, frozenset[Meaning]] = {
    Screen.GREETING: PACE | {Meaning.LANGUAGE},
    Screen.READING: PACE | MANNER | ABOUT_US | {Meaning.POSITION},
    Screen.CHECKING: PACE | MANNER,
    Screen.DIFFERS: PACE | MANNER,
    Screen.CONSENT: PACE | {Meaning.FORGET},
    Screen.PROBLEM: PACE | ABOUT_US,
    Screen.WAITING: PACE | ABOUT_US,
    Screen.FORGETTING: frozenset(),
    Screen.GOODBYE: frozenset(),
}


def offered(screen: Screen) -> frozenset[Meaning]:
    """The commands of `screen` beside those that hold everywhere; the pace can be set anywhere."""
    return _OFFERED.get(screen, PACE)


def commands(screen: Screen) -> frozenset[Meaning]:
    """Everything but an answer that words may mean at `screen`."""
    return COMMANDS | offered(screen)


def yes_no(screen: Screen) -> frozenset[Meaning]:
    """What words may mean at a question that yes or no answers."""
    return ANSWERS | commands(screen)


def entries(screen: Screen) -> tuple[Meaning, ...]:
    """What the help tells of at `screen`, in this order."""
    return tuple(meaning for meaning in ORDER if meaning in offered(screen))

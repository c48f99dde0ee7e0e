# SPDX-License-Identifier: Apache-2.0
"""Many calls, and how they went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from ivr.callers.ears import ASSUMED, Ears, Rates
from ivr.callers.misread import Misread
from ivr.callers.play import By, Played, play
from ivr.dialog.correcting import MOST_ANSWERS
from ivr.dialog.types import Meaning

SLIPS = 0.02  # of lines keyed, with one wrong key: assumed


@dataclass(frozen=True, slots=True)
class Tally:
    """The calls, how many different misread photos they are about, and how they were heard."""

    calls: tuple[Played, ...]
    photos: int
    rates: Mapping[Meaning, Rates]
    seed: int

    def of_shape(self, same: bool) -> tuple[Played, ...]:
        """The calls whose photo was read with as many digits as are written, or the others."""
        return tuple(call for call in self.calls if call.same_shape is same)

    def as_dict(self) -> dict[str, Any]:
        """The JSON of `sonsori bench corrections`."""
        return {
            "photos": self.photos,
            "seed": self.seed,
            **counts(self.calls),
            "same_shape": counts(self.of_shape(True)),
            "other_shape": counts(self.of_shape(False)),
            "rates": {str(kind): [r.right, r.wrong] for kind, r in self.rates.items()},
        }


def play_many(
    misread: Sequence[Misread],
    count: int,
    *,
    seed: int,
    rates: Mapping[Meaning, Rates] = ASSUMED,
    slips: float = SLIPS,
) -> Tally:
    """`count` calls: each photo once, in random order, then all again with other luck.

    Raises ValueError without any photo.
    """
    if not misread:
        raise ValueError("no photo was read wrongly")
    random = Random(seed)
    ears = Ears(rates, random)
    chosen: list[Misread] = []
    while len(chosen) < count:
        chosen += random.sample(misread, min(len(misread), count - len(chosen)))
    calls = tuple(play(one, ears, slips) for one in chosen)
    return Tally(calls, min(len(misread), count), rates, seed)


def counts(calls: Sequence[Played]) -> dict[str, Any]:
    """How many calls went how. `good` are those that ended by voice in few enough turns or by keys
    with the right number."""
    by_turns = {n: sum(_by_voice(call, n) for call in calls) for n in range(1, MOST_ANSWERS + 1)}
    ways = {way: sum(call.by is way for call in calls) for way in By}
    by_keys = {str(way): ways[way] for way in (By.DIGIT, By.LINE, By.NUMBER)}
    return {
        "calls": len(calls),
        "voice_within_turns": by_turns,
        "voice_later": ways[By.VOICE] - by_turns[MOST_ANSWERS],
        "keys": by_keys,
        "misheard": ways[By.MISHEARD],
        "gave_up": ways[By.NOTHING],
        "good": by_turns[MOST_ANSWERS] + sum(by_keys.values()),
        "wrong_labels": sum(call.wrong_label for call in calls),
        "wrong_unverified": sum(call.wrong_unverified for call in calls),
    }


def _by_voice(call: Played, turns: int) -> bool:
    return call.by is By.VOICE and call.turns <= turns

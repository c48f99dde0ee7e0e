# SPDX-License-Identifier: Apache-2.0
"""Groups of photos that must not be read worse, however much better all others are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from training.frozen import FrozenPhoto
from training.gate.limits import Limits
from training.gate.mcnemar import one_sided
from training.gate.readings import Pair
from training.scoring import only_digits

LENGTHS = ((1, 3), (4, 6), (7, 12))


@dataclass(frozen=True, slots=True)
class Slice:
    """How a group of `photos` fared. `p`: how likely so many losses are by chance, from 0 to 1.
    `worse`: by more than its allowance."""

    name: str
    photos: int
    champion: int  # photos it reads right
    challenger: int
    wins: int
    losses: int
    p: float
    worse: bool

    @property
    def sentence(self) -> str:
        """For an operator."""
        won = f"{self.wins} won" if self.wins else "none won"
        lost = f"{self.losses} lost" if self.losses else "none lost"
        manner = "worse" if self.worse else "no worse"
        chance = f" (p for chance {self.p:.3f})" if self.worse else ""
        return f"The challenger reads {self.name} {manner}: {lost}, {won} of {self.photos}{chance}."


def slices_of(pairs: Sequence[Pair], limits: Limits) -> tuple[Slice, ...]:
    """Every group that has photos, in the order in which `groups` names them."""
    writers = _numbered(pair.photo.writer for pair in pairs if not pair.photo.rendered)
    inside: dict[str, list[Pair]] = {}
    for pair in pairs:
        for name in groups(pair.photo, writers):
            inside.setdefault(name, []).append(pair)
    order = {name: place for place, name in enumerate(_all_groups(writers))}
    return tuple(
        _slice(name, inside[name], limits) for name in sorted(inside, key=order.__getitem__)
    )


def groups(photo: FrozenPhoto, writers: dict[str, str]) -> list[str]:
    """The names of the groups that `photo` is in; `writers` names the callers."""
    digits = only_digits(photo.text)
    found = ["rendered photos" if photo.rendered else "callers' photos", _length(len(digits))]
    found += [_CONDITIONS[condition] for condition in photo.conditions]
    found += [f"{digit}s" for digit in sorted(set(digits))]
    return found if photo.rendered else [*found, writers[photo.writer]]


def _all_groups(writers: dict[str, str]) -> list[str]:
    lengths = [_length(count) for count in (0, 1, 4, 7, 13)]
    digits = [f"{digit}s" for digit in range(10)]
    sources = ["callers' photos", "rendered photos"]
    return [*sources, *lengths, *_CONDITIONS.values(), *digits, *writers.values()]


_CONDITIONS = {
    "touching": "touching digits",
    "dark": "dark photos",
    "ruled": "ruled paper",
    "blurred": "blurred photos",
}


def _length(count: int) -> str:
    if not count:
        return "photos without digits"
    for low, high in LENGTHS:
        if low <= count <= high:
            return f"numbers of {low} to {high} digits"
    return "numbers of more digits"


def _numbered(writers: Iterable[str]) -> dict[str, str]:
    """A name for each caller that says nothing of them, in the order in which they came."""
    return {writer: f"caller {at}" for at, writer in enumerate(dict.fromkeys(writers), 1)}


def _slice(name: str, pairs: Sequence[Pair], limits: Limits) -> Slice:
    wins, losses = sum(pair.won for pair in pairs), sum(pair.lost for pair in pairs)
    p = one_sided(losses, wins)
    return Slice(
        name=name,
        photos=len(pairs),
        champion=sum(pair.champion.exact for pair in pairs),
        challenger=sum(pair.challenger.exact for pair in pairs),
        wins=wins,
        losses=losses,
        p=p,
        worse=is_worse(wins, losses, len(pairs), limits),
    )


def is_worse(wins: int, losses: int, photos: int, limits: Limits) -> bool:
    """By its own test, or, where there are photos enough to count in points, by points."""
    if losses > wins and one_sided(losses, wins) <= limits.slice_significance:
        return True
    return photos >= limits.slice_photos and losses - wins > limits.slice_drop * photos

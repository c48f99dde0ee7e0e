# SPDX-License-Identifier: Apache-2.0
"""Groups of photos, none of which may be read worse."""

from __future__ import annotations

from made_up import pairs, photo

from training.frozen import Condition, Kind
from training.gate.limits import Limits
from training.gate.slices import Slice, is_worse, slices_of

LIMITS = Limits()


def by_name(found: tuple[Slice, ...]) -> dict[str, Slice]:
    return {one.name: one for one in found}


def test_a_photo_is_in_the_groups_of_its_digits_length_and_conditions() -> None:
    hard = photo("12|21", conditions=(Condition.DARK, Condition.TOUCHING))
    found = slices_of(pairs(both=1, of=hard), LIMITS)
    assert [one.name for one in found] == [
        "rendered photos",
        "numbers of 4 to 6 digits",
        "touching digits",
        "dark photos",
        "1s",
        "2s",
    ]


def test_lengths_are_of_all_lines_together() -> None:
    texts = ("", "482", "4829", "4829151", "482915|482915|1")
    found = by_name(slices_of([p for t in texts for p in pairs(both=1, of=photo(t))], LIMITS))
    for name in (
        "photos without digits",
        "numbers of 1 to 3 digits",
        "numbers of 4 to 6 digits",
        "numbers of 7 to 12 digits",
        "numbers of more digits",
    ):
        assert found[name].photos == 1


def test_callers_are_groups_under_names_that_say_nothing_of_them() -> None:
    sent = [photo(kind=Kind.KEYED, writer=writer) for writer in ("b5f0", "07aa", "b5f0")]
    found = slices_of([p for one in sent for p in pairs(both=1, of=one)], LIMITS)
    writers = {one.name: one.photos for one in found if one.name.startswith("caller ")}
    assert writers == {"caller 1": 2, "caller 2": 1}


def test_a_group_with_five_losses_and_no_win_is_read_worse_however_good_the_rest() -> None:
    sevens, ones = photo("77"), photo("11")
    read = pairs(losses=5, both=83, of=sevens) + pairs(wins=40, of=ones)
    found = by_name(slices_of(read, LIMITS))
    assert found["7s"].worse and not found["1s"].worse
    assert found["7s"].sentence == (
        "The challenger reads 7s worse: 5 lost, none won of 88 (p for chance 0.031)."
    )


def test_four_losses_in_a_small_group_are_chance() -> None:
    assert not is_worse(0, 4, 20, LIMITS)


def test_six_points_fewer_in_a_large_group_are_too_many_whatever_chance_says() -> None:
    assert not is_worse(20, 26, 99, LIMITS)
    assert is_worse(20, 26, 100, LIMITS)


def test_wins_are_counted_by_photo() -> None:
    found = by_name(slices_of(pairs(wins=2, losses=1, both=3, neither=4), LIMITS))
    one = found["rendered photos"]
    assert (one.photos, one.champion, one.challenger, one.wins, one.losses) == (10, 4, 5, 2, 1)

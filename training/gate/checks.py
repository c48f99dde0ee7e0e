# SPDX-License-Identifier: Apache-2.0
"""What must hold of two models' readings: one function a rule, a sentence for each outcome."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from training.gate.latency import Latency
from training.gate.limits import Limits
from training.gate.mcnemar import most_lost, one_sided
from training.gate.readings import Pair
from training.gate.risk import Selective
from training.gate.slices import Slice
from training.gate.verdict import Check, Checked, Counts


def count(pairs: Sequence[Pair]) -> Counts:
    wins, losses = sum(pair.won for pair in pairs), sum(pair.lost for pair in pairs)
    both = sum(pair.champion.exact and pair.challenger.exact for pair in pairs)
    neither = len(pairs) - both - wins - losses
    return Counts(wins, losses, both, neither, one_sided(wins, losses))


def is_better(counts: Counts, of_callers: Counts, limits: Limits) -> Checked:
    """More right, beyond chance; or, when that was declared, losses within bounds.

    `counts` are of all photos, `of_callers` of callers' alone. Either may show it, each with its
    share of the significance, but no more may be lost than won over all.
    """
    if limits.non_inferior:
        return _no_worse(counts, limits)
    alone = of_callers.photos >= limits.callers_photos
    spent = limits.significance * limits.of_callers if alone else 0.0
    left = limits.significance - spent
    told = f"it won {_won(counts)} photos (p for chance {counts.p:.3f}, {left:.3g} at most)"
    if alone:
        chance = f"(p for chance {of_callers.p:.3f}, {spent:.3g} at most)"
        told += f", of callers' alone {_won(of_callers)} {chance}"
    if counts.wins <= counts.losses:
        sentence = f"Nothing shows that the challenger reads better: {told}."
        return Checked(Check.BETTER, False, sentence)
    if counts.p > left and not (alone and of_callers.p <= spent):
        sentence = f"The challenger may read better only by chance: {told}."
        nearly = min(counts.p, of_callers.p) <= limits.nearly
        return Checked(Check.BETTER, False, sentence, narrow=nearly)
    return Checked(Check.BETTER, True, f"The challenger reads better: {told}.")


def _no_worse(counts: Counts, limits: Limits) -> Checked:
    worst = most_lost(counts.wins, counts.losses, counts.photos)
    told = (
        f"it won {_won(counts)} photos, so that it may be worse by {worst:.1%} of them "
        f"({limits.margin:.1%} at most)"
    )
    if worst > limits.margin:
        return Checked(Check.BETTER, False, f"The challenger may read worse: {told}.")
    return Checked(Check.BETTER, True, f"The challenger reads no worse, as was asked: {told}.")


def no_slice_worse(slices: Sequence[Slice]) -> Iterator[Checked]:
    worse = [one for one in slices if one.worse]
    for one in worse:
        yield Checked(Check.SLICE, False, one.sentence, narrow=True)
    if not worse:
        sentence = f"None of {len(slices)} groups of photos is read worse."
        yield Checked(Check.SLICE, True, sentence)


def stays_mended(watched: Sequence[Pair]) -> Checked:
    """Photos that a caller once corrected: what the champion mended must not break again."""
    wrong = sum(pair.lost for pair in watched)
    silent = sum(
        pair.challenger.silent_error and not pair.champion.silent_error and not pair.lost
        for pair in watched
    )
    if not wrong and not silent:
        sentence = f"Of {len(watched)} photos that callers once corrected, none is read worse."
        return Checked(Check.CORRECTED, True, sentence)
    told = [f"{wrong} that are read right now would be wrong"] if wrong else []
    told += [f"{silent} that are doubted now would be spoken plainly and wrong"] if silent else []
    sentence = f"Of {len(watched)} photos that callers once corrected, {' and '.join(told)}."
    return Checked(Check.CORRECTED, False, sentence)


def no_more_silent(selective: Selective, limits: Limits) -> Checked:
    """Silent errors: more of them must be within chance and within what was promised."""
    before, after = selective.champion, selective.challenger
    told = (
        f"{after.silent} of {after.sure} photos spoken plainly are wrong ({after.share:.1%}), "
        f"where the champion has {before.silent} of {before.sure} ({before.share:.1%}); "
        f"{selective.new} are new, {selective.mended} mended"
    )
    chance = one_sided(selective.new, selective.mended)
    more = after.silent > before.silent
    if more and chance <= limits.silent_significance:
        sentence = f"The challenger makes more silent errors than chance explains: {told}."
        return Checked(Check.SILENT, False, sentence)
    if more and after.silent > limits.silent_share * after.photos:
        promised = f"more than {limits.silent_share:.1%} of {after.photos} photos"
        sentence = f"The challenger makes more silent errors, and {promised}: {told}."
        return Checked(Check.SILENT, False, sentence)
    return Checked(Check.SILENT, True, f"Silent errors are no more than allowed: {told}.")


def silent_where_none(selective: Selective) -> Checked:
    before, after = selective.spoken_where_none
    told = f"on {after} photos without any, the champion on {before}"
    if after > before:
        sentence = f"The challenger speaks digits plainly {told}."
        return Checked(Check.WHERE_NONE, False, sentence)
    return Checked(Check.WHERE_NONE, True, f"Digits are spoken plainly {told}.")


def covers(selective: Selective, limits: Limits) -> Checked:
    before, after = selective.champion, selective.challenger
    told = f"{after.coverage:.1%} of photos, the champion of {before.coverage:.1%}"
    if before.coverage - after.coverage > limits.coverage_loss:
        return Checked(Check.COVERAGE, False, f"The challenger is sure of too few: {told}.")
    return Checked(Check.COVERAGE, True, f"The challenger is sure of {told}.")


def quick_enough(latency: Latency, limits: Limits) -> Checked:
    told = (
        f"{latency.challenger_ms:.0f} ms a photo, the champion {latency.champion_ms:.0f} "
        f"({latency.ratio:.2f} times as long, {limits.latency_ratio} at most)"
    )
    if latency.ratio > limits.latency_ratio:
        return Checked(Check.LATENCY, False, f"The challenger is too slow: {told}.")
    return Checked(Check.LATENCY, True, f"The challenger takes {told}.")


def _won(counts: Counts) -> str:
    wins, losses = counts.wins or "none", counts.losses or "none"
    return f"{wins} and lost {losses} of {counts.photos}"

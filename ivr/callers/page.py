# SPDX-License-Identifier: Apache-2.0
"""The section of `docs/benchmarks.md` about corrections."""

from __future__ import annotations

from collections.abc import Sequence

from ivr.callers.play import Played
from ivr.callers.tally import SLIPS, Tally, counts
from ivr.dialog.correcting import MOST_ANSWERS
from ivr.dialog.types import Meaning

TITLE = "Putting a wrong number right"

ABOUT = """\
## {title}

`python -m training.synthetic_set SYNTHETIC --count 1000`  
`sonsori bench corrections SYNTHETIC --callers {callers} --seed {seed}{option}`

{callers} simulated callers, whose photos are {photos} of the set that the reader gets wrong. They
know their number, hear it read out by the real conversation machine, and answer the truth: yes, no,
or a position. What a position cannot tell, a digit that is missing or more than two that are wrong,
they key, with a wrong key in {slips:.0%} of lines. Their words pass through a recogniser with the
shares below, which are {origin}; the wrong keys are assumed.

| said | heard right | heard as another | asked again |
|---|---|---|---|
{rates}
A *turn* is an answer after the first "no", also one that was not understood, up to the "yes" to the
number read once more. *Voice*: no digit was keyed. *Same count*: as many digits were read as are
written, line by line; others have a digit or a line too few or too many, which mostly only keys can
mend.

| | all | same count | other count |
|---|---|---|---|
{ways}
A wrong label is one of somebody who says that they know the number, with other digits than are
written. A first "no" that is taken for a "yes" ends in an `unverified` label: the caller is told
"you said that it is right" before being asked whether they know the number, and says no.
"""


def as_section(tally: Tally, rates: str | None = None) -> str:
    """The section, heading and all; `rates` is the file that named the rates, if any did."""
    return ABOUT.format(
        title=TITLE,
        callers=len(tally.calls),
        seed=tally.seed,
        photos=tally.photos,
        slips=SLIPS,
        option=f" --rates {rates}" if rates else "",
        origin=f"those of `{rates}`" if rates else "assumed",
        rates="".join(_rate_row(tally, kind) for kind in tally.rates),
        ways="".join(f"| {' | '.join(row)} |\n" for row in rows(tally)),
    )


def rows(tally: Tally) -> list[tuple[str, ...]]:
    """How the calls went: a name, then the share of all, of same and of other count."""
    groups = tally.calls, tally.of_shape(True), tally.of_shape(False)
    columns = [_column(group) for group in groups]
    return [(name, *(column[name] for column in columns)) for name in columns[0]]


def _column(calls: Sequence[Played]) -> dict[str, str]:
    counted = counts(calls)
    total = counted["calls"]

    def share(count: int) -> str:
        return f"{count} ({count / total:.1%})" if total else "0"

    voice, keys = counted["voice_within_turns"], counted["keys"]
    return {
        "calls": str(total),
        **{f"right by voice within {turns}": share(count) for turns, count in voice.items()},
        f"right by voice after {MOST_ANSWERS}": share(counted["voice_later"]),
        "right with one digit keyed": share(keys["digit"]),
        "right with one line keyed": share(keys["line"]),
        "right with the number keyed": share(keys["number"]),
        "first no taken for a yes": share(counted["misheard"]),
        "gave up": share(counted["gave_up"]),
        f"**right by voice within {MOST_ANSWERS}, or by keys**": share(counted["good"]),
        "**wrong labels**": str(counted["wrong_labels"]),
    }


def _rate_row(tally: Tally, kind: Meaning) -> str:
    rates = tally.rates[kind]
    again = 1 - rates.right - rates.wrong
    return f"| {kind} | {rates.right:.1%} | {rates.wrong:.1%} | {again:.1%} |\n"

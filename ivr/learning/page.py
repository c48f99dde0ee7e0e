# SPDX-License-Identifier: Apache-2.0
"""The section of `docs/benchmarks.md` about learning, and its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ivr.learning.compare import Compared, compare
from ivr.learning.phases import Found
from ivr.learning.reading import PHOTOS
from ivr.learning.rendered import OLD, UNSEEN

TITLE = "Learning"
COLUMNS = ("photos", "of", "exact before", "after", "points", "won", "lost", "sure", "silent")
NAMES = {
    UNSEEN: "new writers, never seen",
    OLD: "old population",
    PHOTOS: "photographs by strangers",
}

_TEXT = f"""\
## {TITLE}

`sonsori bench learning{{options}}`

Writers whose ones are hooks, whose sevens are barred, whose fours are open and whose nines end in
a hook are rendered: {{calls}} call the service, {{unseen}} others write what is read before and
after. Each caller texts a photo, is rung back and answers by keys through the dev phone. They say
yes when what they hear is their number, else key it; {{mistaken}} of them have a digit wrong in
mind, or agree with whatever is read. Labels are those of the service's own record. Then the
service retrains itself, and what passes its gate is promoted. The old population is
`training.synthetic_set`'s.

{{sets}}
*Won* photos were wrong and are exact now, *lost* the other way round. *Sure* and *silent*
(wrong though sure) are before → after.

| what the calls left | |
|---|---|
{{labels}}
| with other labels | what came of it |
|---|---|
{{controls}}
| phase | seconds |
|---|---|
{{seconds}}
![Exact before and after](images/learning.png)

![Each candidate, epoch by epoch](images/learning-curves.png)
"""


def row(one: Compared) -> tuple[str, ...]:
    """A set as the table has it."""
    before, after = one.exact
    return (
        NAMES[one.name],
        str(one.photos),
        str(before),
        str(after),
        f"{one.points:+.1f}",
        str(one.won),
        str(one.lost),
        _change(one.sure),
        _change(one.silent),
    )


def section(found: Mapping[str, Found], options: str = "") -> str:
    """The whole section, in Markdown. `options` of the command begin with a space."""
    callers: dict[str, int] = found["calls"]["callers"]
    return _TEXT.format(
        options=options,
        calls=found["calls"]["calls"],
        unseen=found["render"][UNSEEN],
        mistaken=sum(count for kind, count in callers.items() if kind != "knows"),
        sets=_table(COLUMNS, [row(one) for one in compare(found["before"], found["after"])]),
        labels=_rows(what_calls_left(found["calls"])),
        controls=_rows(what_controls_did(found)),
        seconds=_rows(what_took(found)),
    )


def what_calls_left(calls: Found) -> list[tuple[str, str]]:
    """Labels by kind with the wrong ones among them, and what is kept of them."""
    wrong = calls["wrong_labels"]
    labels = [
        (f"labels: {kind}", f"{count}, of them wrong: {wrong.get(kind, 0)}")
        for kind, count in calls["labels"].items()
    ]
    samples = [(f"digits kept: {kind}", str(count)) for kind, count in calls["samples"].items()]
    return [
        ("calls", str(calls["calls"])),
        *labels,
        *samples,
        ("whole photos kept to try models on", str(calls["test_photos"])),
    ]


def what_controls_did(found: Mapping[str, Found]) -> list[tuple[str, str]]:
    """How each retraining ended."""
    names = {
        "retrain": "as the callers gave them",
        "again": "the same once more",
        "random": "the same crops, labels shuffled",
    }
    return [
        (name, f"{_plain(found[phase]['state'])}: {' '.join(found[phase]['reasons'])}")
        for phase, name in names.items()
    ]


def what_took(found: Mapping[str, Found]) -> list[tuple[str, str]]:
    """Seconds of each phase, and of all."""
    rows = [(_phase(name, one), f"{one['seconds']:.0f}") for name, one in found.items()]
    return [*rows, ("all", f"{sum(one['seconds'] for one in found.values()):.0f}")]


def _phase(name: str, found: Found) -> str:
    if not found.get("curves"):
        return name
    return f"{name} ({found['labels']} digits, candidates: {len(found['candidates'])})"


def _plain(state: str) -> str:
    return state.replace("_", " ")


def _change(pair: tuple[int, int]) -> str:
    return f"{pair[0]} → {pair[1]}"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return _rows([columns, ["---"] * len(columns), *rows])


def _rows(rows: Sequence[Sequence[Any]]) -> str:
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows)

# SPDX-License-Identifier: Apache-2.0
"""What clips were taken for, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from ivr.dialog.types import Meaning
from ivr.listening.clips import Clip, Kind
from ivr.listening.line import Answer


class Result(StrEnum):
    """How a clip was taken."""

    RIGHT = "right"
    WRONG = "wrong"  # the opposite of what was said
    FALSE_YES = "false_yes"
    FALSE_NO = "false_no"
    COMMAND = "command"  # nothing was answered, but something was done
    ASKED_AGAIN = "asked_again"
    UNHEARD = "unheard"  # no word was noticed: asked again after a silence


@dataclass(frozen=True, slots=True)
class Outcome:
    """One clip at one noise.

    `latency_ms`: from the word's end to the decision, thinking too; None where none was made.
    """

    name: str
    language: str
    group: str
    robotic: bool
    noise_db: float | None
    result: Result
    latency_ms: float | None
    cpu_share: float


@dataclass(frozen=True, slots=True)
class Row:
    """All clips of one language and group at one noise."""

    language: str
    group: str
    robotic: bool
    noise_db: float | None
    clips: int
    results: dict[str, int]
    latency_median_ms: int | None
    latency_p90_ms: int | None
    cpu_percent: float

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def outcome(
    clip: Clip, noise_db: float | None, ends_ms: int, seconds: float, answer: Answer
) -> Outcome:
    latency_ms = None
    if answer.decided_ms is not None and answer.meaning is not Meaning.UNCLEAR:
        latency_ms = answer.decided_ms - ends_ms + answer.thinking_ms
    return Outcome(
        clip.name,
        clip.language,
        clip.group,
        clip.robotic,
        noise_db,
        judge(clip.kind, answer.meaning),
        latency_ms,
        answer.cpu_s / seconds,
    )


def judge(kind: Kind, meaning: Meaning | None) -> Result:
    """How a clip of `kind` was taken when it was heard as `meaning`."""
    if meaning is None:
        return Result.UNHEARD
    if meaning is Meaning.UNCLEAR:
        return Result.ASKED_AGAIN
    if meaning not in (Meaning.YES, Meaning.NO):
        return Result.COMMAND
    if kind in (Kind.YES, Kind.NO):
        return Result.RIGHT if meaning.value == kind.value else Result.WRONG
    return Result.FALSE_YES if meaning is Meaning.YES else Result.FALSE_NO


def rows(outcomes: Sequence[Outcome]) -> Iterator[Row]:
    """One for each language, group and noise, in the order in which they were measured."""
    keys = dict.fromkeys((o.noise_db, o.language, o.robotic, o.group) for o in outcomes)
    for key in keys:
        noise_db, language, robotic, group = key
        mine = [o for o in outcomes if (o.noise_db, o.language, o.robotic, o.group) == key]
        late = sorted(o.latency_ms for o in mine if o.latency_ms is not None)
        results = Counter(o.result.value for o in mine)
        cpu_percent = round(100 * sum(o.cpu_share for o in mine) / len(mine), 1)
        yield Row(
            language,
            group,
            robotic,
            noise_db,
            len(mine),
            {result.value: results[result.value] for result in Result},
            _share(late, 0.5),
            _share(late, 0.9),
            cpu_percent,
        )


def _share(ordered: Sequence[float], share: float) -> int | None:
    """The value below which `share` of them lie."""
    return round(ordered[int(share * (len(ordered) - 1))]) if ordered else None


def wrong_ones(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Those whose caller would be misunderstood."""
    bad = (Result.WRONG, Result.FALSE_YES, Result.FALSE_NO, Result.COMMAND)
    return [o for o in outcomes if o.result in bad]

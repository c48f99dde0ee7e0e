# SPDX-License-Identifier: Apache-2.0
"""The section of `docs/benchmarks.md` about listening calls."""

from __future__ import annotations

from collections.abc import Sequence

from ivr.load.measure import Level

TITLE = "Listening calls on one core"
COLUMNS = ("calls", "words", "lost", "median ms", "p95 ms", "behind", "cores", "late ms")

_TEXT = f"""\
## {TITLE}

`sonsori bench load --calls {{calls}} --seconds {{seconds:g}}`

The web process of the Procfile on one core, callers on another. Each caller sends a frame of sound
every 20 ms and says yes a moment after every question, in a synthetic voice and words that are
heard right when nothing else runs; who has been said goodbye to rings in again. The delay is from
the end of the word to the first sound of the answer: end-pointing (0.2 s), recognition, a step of
the conversation with its database, and the voice. *Lost* words had no answer in 4 s. *Behind* is
how much sound waited to be heard, median and 95th percentile of the worst moment of each turn, in
frames of 20 ms; *late* how late the callers' own frames were (95th percentile): above 20 ms it is
they who were too slow.

{{table}}

![Delay against calls](images/load.png)
"""


def row(level: Level) -> tuple[str, ...]:
    """A level as the table has it."""
    return (
        str(level.calls), str(level.words), str(level.unanswered),
        "" if level.delay_ms is None else str(level.delay_ms),
        "" if level.delay_p95_ms is None else str(level.delay_p95_ms),
        f"{level.behind_frames:g}/{level.behind_p95_frames:g}",
        f"{level.cpu:.2f}", f"{level.late_p95_ms:g}",
    )  # fmt: skip


def section(levels: Sequence[Level], seconds: float) -> str:
    """The whole section, in Markdown."""
    rows = [COLUMNS, ("---",) * len(COLUMNS), *(row(level) for level in levels)]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
    calls = ",".join(str(level.calls) for level in levels)
    return _TEXT.format(calls=calls, seconds=seconds, table=table)

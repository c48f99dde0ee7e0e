# SPDX-License-Identifier: Apache-2.0
"""The section of `docs/benchmarks.md` about hearing, and how a section gets into a page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ivr.listening.scores import Row

TITLE = "Hearing"
_ABOUT = """\
`{command}`

Each clip goes through a phone channel (300 to 3400 Hz, -22 dBFS, hiss at -62 dBFS, 8 kHz mu-law),
with the babble of seven other clips at the given ratio, in frames of 20 ms through the handler
that serves calls, after a question for yes or no. *Core* are the answers that the prompts ask
for, *loose* other ways to say yes or no. *Wrong* is the opposite of what was said; *command*
something else that would be done; *again* unclear, the caller is asked again; *none* not noticed
as a word. Latency runs from the last loud frame of the clip to the decision, where there is one,
processor time included. *CPU* is processor time as a share of the sound's time. Robotic clips
are of espeak-ng's voices. Engines: {engines}.

"""
_HEAD = (
    "| noise | language | said | clips | right | wrong | false yes | false no | command | again"
    " | none | latency ms: median, p90 | CPU |\n" + "|---" * 13 + "|\n"
)


def as_section(rows: Sequence[Row], command: str, engines: Mapping[str, str]) -> str:
    """The section, heading and all."""
    named = ", ".join(f"{language}: {name}" for language, name in engines.items())
    table = _HEAD + "".join(map(_row, rows))
    return f"## {TITLE}\n\n" + _ABOUT.format(command=command, engines=named) + table


def with_section(page: str, section: str) -> str:
    """`page` with `section` in place of the one of the same heading, or at its end."""
    heading = section.split("\n", 1)[0]
    old = re.compile(rf"^{re.escape(heading)}\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
    if old.search(page):
        return old.sub(lambda _: section.rstrip() + "\n\n", page, count=1).rstrip() + "\n"
    return page.rstrip() + "\n\n" + section


def section_of(page: str, title: str) -> str:
    """The section of that title, "" where there is none."""
    found = re.search(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", page, re.DOTALL | re.MULTILINE)
    return found.group() if found else ""


def _row(row: Row) -> str:
    cells = (
        noise_named(row.noise_db),
        row.language,
        row.group + (", robotic" if row.robotic else ""),
        row.clips,
        *row.results.values(),
        _latency(row),
        f"{row.cpu_percent:g} %",
    )
    return "| " + " | ".join(map(str, cells)) + " |\n"


def noise_named(noise_db: float | None) -> str:
    return "clean" if noise_db is None else f"{noise_db:g} dB"


def _latency(row: Row) -> str:
    if row.latency_median_ms is None:
        return ""
    return f"{row.latency_median_ms}, {row.latency_p90_ms}"

# SPDX-License-Identifier: Apache-2.0
"""The section of `docs/benchmarks.md` about hearing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ivr.listening.scores import Row

TITLE, SECOND_TITLE = "Hearing", "Hearing with a second opinion"
_ABOUT = """\
`{command}`

Each clip goes through a phone channel (300 to 3400 Hz, -22 dBFS, hiss at -62 dBFS, 8 kHz mu-law),
with the babble of seven other clips at the given ratio, others in every draw, in frames of 20 ms
through the handler that serves calls, after a question for yes or no. *Clips* counts all draws.
*Core* are the answers that the prompts ask for, *loose* other ways to say yes or no. *Wrong* is
the opposite of what was said; *command* something else that would be done; *again* unclear, the
caller is asked again; *none* not noticed as a word. Latency runs from the last loud frame of the
clip to the decision, where there is one, processor time included. *CPU* is processor time as a
share of the sound's time. Robotic clips are of espeak-ng's voices. Engines: {engines}.

"""
_ABOUT_SECOND = """\
`SONSORI_WHISPER_MODELS=FOLDER {command}`

The same, and what is unclear is judged once more ([what that needs](operations.md), and which
weights these are). An opinion takes the processor time that it takes; later than 1.2 s it counts
for nothing. Engines: {engines}.

"""
_HEAD = (
    "| noise | language | said | clips | right | wrong | false yes | false no | command | again"
    " | none | latency ms: median, p90 | CPU |\n" + "|---" * 13 + "|\n"
)


def as_section(
    rows: Sequence[Row], command: str, engines: Mapping[str, str], *, twice: bool = False
) -> str:
    """The section, heading and all; one of its own for what was heard `twice`, by a second opinion
    too."""
    named = ", ".join(f"{language}: {name}" for language, name in engines.items())
    title, about = (SECOND_TITLE, _ABOUT_SECOND) if twice else (TITLE, _ABOUT)
    table = _HEAD + "".join(map(_row, rows))
    return f"## {title}\n\n" + about.format(command=command, engines=named) + table


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

# SPDX-License-Identifier: Apache-2.0
"""Benchmarks as tables for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from ivr.listening.page import noise_named
from ivr.listening.scores import Row
from training.bench.race import Entry
from training.bench.start import Start


def groups_table(entries: Sequence[Entry]) -> Table:
    """Each group, then all photos, with a row for every reader."""
    table = Table("group", "reader", "exact", "CER", "sure", "silent errors")
    names = list(entries[0].scores["groups"])
    for name in [*names, "all"]:
        for entry in entries:
            scores = entry.scores
            counts = scores if name == "all" else scores["groups"][name]
            table.add_row(name, entry.contestant.title, *_counts(counts))
    return table


def costs_table(entries: Sequence[Entry]) -> Table:
    """What a photo cost each reader, on one thread."""
    table = Table("reader", "median ms", "p95 ms", "photos a second", "peak MB")
    for entry in entries:
        scores = entry.scores
        figures = scores["ms"]["p50"], scores["ms"]["p95"], scores["photos_per_second"]
        table.add_row(entry.contestant.title, *map(str, figures), str(scores["peak_rss_mb"]))
    return table


def growth_table(growth: Mapping[str, Any]) -> Table:
    """How time grows with pixels and with digits."""
    table = Table("amount", "ms", title="time a photo, one thread")
    for name, series in growth.items():
        for amount, ms in series["ms"]:
            table.add_row(f"{amount:g} {'megapixels' if name == 'pixels' else name}", f"{ms:.0f}")
        table.add_section()
    exponents = (f"{name}: exponent {series['exponent']}" for name, series in growth.items())
    table.caption = ", ".join(exponents) + " (1 is linear)"
    return table


def changes_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """What became of photos with digits, and of those without, under each change."""
    table = Table("change", "exact", "sure", "silent errors", "no digits: exact", "silent errors")
    for row in rows:
        figures = [str(row["digits"]["sure"])]
        for counts in (row["digits"], row["no_digits"]):
            figures += [f"{counts['exact']}/{counts['photos']}", str(counts["silent_errors"])]
        sure, exact, silent, *without = figures
        table.add_row(row["change"], exact, sure, silent, *without)
    return table


def starts_table(starts: Sequence[Start]) -> Table:
    """What the whole command took."""
    table = Table("photo", "megapixels", "seconds", "peak MB", title="sonsori read PHOTO")
    for start in starts:
        figures = start.megapixels, start.wall_s, start.peak_rss_mb
        table.add_row(start.photo, *map(str, figures))
    return table


def heard_table(rows: Sequence[Row]) -> Table:
    """What callers were taken to say, by noise, language and kind of saying."""
    results = list(rows[0].results) if rows else []
    table = Table("noise", "said", "clips", *results, "ms p50", "ms p90", "cpu %")
    for row in rows:
        said = f"{row.language} {row.group}{' (robotic)' if row.robotic else ''}"
        figures = row.clips, *row.results.values(), row.latency_median_ms, row.latency_p90_ms
        table.add_row(noise_named(row.noise_db), said, *map(str, figures), str(row.cpu_percent))
    return table


def _counts(counts: Mapping[str, Any]) -> tuple[str, ...]:
    cer = "" if counts["cer"] is None else f"{counts['cer']:.3f}"
    share = counts["sure"] / max(counts["photos"], 1)
    return (
        f"{counts['exact']}/{counts['photos']}",
        cer,
        f"{counts['sure']} ({share:.0%})",
        str(counts["silent_errors"]),
    )

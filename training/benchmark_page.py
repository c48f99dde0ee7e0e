# SPDX-License-Identifier: Apache-2.0
"""`docs/benchmarks.md`: the figures of one run in words and tables, each with its command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

HEAD = """\
# Benchmarks

Written by `make bench PHOTOS=DIR`, on the code beside it. It makes the synthetic set first, from
the fonts that `make model` fetches: `python -m training.synthetic_set SYNTHETIC --count 200`.
Times are of a shared two-core machine and say little alone; compare them only with figures of the
same run.
"""

READING = """
## Reading photos

`exact`: every digit right and in order. `sure`: the photos whose digits are spoken plainly.
`silent`: those of them that are wrong, which is the worst that can happen to a caller. The
limits of `sure` were chosen by hand with the photographs in sight, so few silent errors there
prove little; the synthetic photos and photos nobody here has seen tell more.
"""

FOLDER = """
### {title}

`{command}`

| group | exact | CER | sure | silent |
|---|---|---|---|---|
{rows}
Median {p50} ms a photo, 95th percentile {p95} ms, peak memory of the process {peak} MB.
"""

MODEL = """
## The shipped model

`make model` measures these while it builds; they stand in `vision/bundle/model.json`.

| figure | value |
|---|---|
| version | `{version}` |
{rows}"""


@dataclass(frozen=True, slots=True)
class Scored:
    """One folder's scores (`training.scoring.summarise`), under a title, by a command."""

    title: str
    command: str
    scores: Mapping[str, Any]


def as_markdown(folders: Sequence[Scored], card: Mapping[str, Any]) -> str:
    """The page from the scores of some folders and a model's card."""
    return HEAD + READING + "".join(map(_folder, folders)) + _model(card)


def _folder(scored: Scored) -> str:
    scores = scored.scores
    groups = {**scores["groups"], "all": scores}
    ms = scores["ms"]
    return FOLDER.format(
        title=scored.title,
        command=scored.command,
        rows="".join(_row(name, group) for name, group in groups.items()),
        p50=ms["p50"],
        p95=ms["p95"],
        peak=round(scores["peak_rss_mb"]),
    )


def _row(name: str, group: Mapping[str, Any]) -> str:
    cer = "" if group["cer"] is None else f"{group['cer']:.3f}"
    exact = f"{group['exact']}/{group['photos']}"
    return f"| {name} | {exact} | {cer} | {group['sure']} | {group['silent_errors']} |\n"


def _model(card: Mapping[str, Any]) -> str:
    metrics = card["metrics"].items()
    rows = "".join(f"| {name} | {value} |\n" for name, value in metrics if _is_number(value))
    return MODEL.format(version=card["version"], rows=rows)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)

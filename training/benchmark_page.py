# SPDX-License-Identifier: Apache-2.0
"""`docs/benchmarks.md`: the figures of one run in words and tables, each with its command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

HEAD = """\
# Benchmarks

Written by `make bench PHOTOS=DIR`, on the code beside it. Times are of a shared two-core machine
and say little alone; compare them only with figures of the same run.
"""

READING = """
## Reading photos

`sonsori bench photos DIR`, with {photos} photographs by strangers that nothing was trained on:
`core` is digits on paper and nothing else, `single` one digit, `cluttered` handwriting beside
other text, `screen` drawn with a finger or stylus, `printed`, and `negative` photos without
digits, where only an empty text is right. `exact`: every digit right and in order. `sure`: the
photos whose digits are spoken plainly. `silent`: those of them that are wrong, which is the worst
that can happen.

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


def as_markdown(scores: Mapping[str, Any] | None, card: Mapping[str, Any]) -> str:
    """The page from the scores of a folder (None: no folder was given) and a model's card."""
    return HEAD + (_reading(scores) if scores else "") + _model(card)


def _reading(scores: Mapping[str, Any]) -> str:
    groups = {**scores["groups"], "all": scores}
    rows = "".join(_row(name, group) for name, group in groups.items())
    ms = scores["ms"]
    return READING.format(
        photos=scores["photos"],
        rows=rows,
        p50=ms["p50"],
        p95=ms["p95"],
        peak=round(scores["peak_rss_mb"]),
    )


def _row(name: str, group: Mapping[str, Any]) -> str:
    cer = "" if group["cer"] is None else f"{group['cer']:.3f}"
    exact = f"{group['exact']}/{group['photos']}"
    return f"| {name} | {exact} | {cer} | {group['sure']} | {group['silent_errors']} |\n"


def _model(card: Mapping[str, Any]) -> str:
    rows = "".join(f"| {name} | {value} |\n" for name, value in card["metrics"].items())
    return MODEL.format(version=card["version"], rows=rows)

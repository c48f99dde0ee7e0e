# SPDX-License-Identifier: Apache-2.0
"""`sonsori bench calls`: where callers get stuck, from the record of the calls themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table


def command(
    days: Annotated[float, typer.Option(min=0, help="How far back to look.")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Count the turns of past calls by screen: silent, unclear, by keys, how long, who left."""
    from ivr.settings import Settings
    from ivr.stuck import by_screen
    from worker import open_store
    from worker.turnlog import recent_turns

    store = open_store(Settings())
    try:
        figures = by_screen(recent_turns(store, days)).as_dict()
    finally:
        store.close()
    if as_json:
        typer.echo(json.dumps(figures))
        return
    from rich.console import Console

    Console().print(_table(figures))


def _table(figures: Mapping[str, Any]) -> Table:
    from rich import box
    from rich.table import Column, Table

    table = Table(
        Column("screen", no_wrap=True), "turns", "silent", "unclear", "keys", "early", "sure",
        "thought", "decision", "voice", "left",
        title=f"{figures['calls']} calls",
        caption="thought, decision, voice: s, median/90th percentile; sure: median confidence",
        box=box.SIMPLE_HEAD,
        padding=0,
    )  # fmt: skip
    for name, screen in figures["screens"].items():
        shares = (f"{screen[share]:.0%}" for share in ("silent", "unclear", "keyed", "early"))
        sure = "" if screen["confidence"] is None else f"{screen['confidence']:.2f}"
        times = (_spread(screen["ms"][part]) for part in ("thought", "decision", "voice"))
        table.add_row(name, str(screen["turns"]), *shares, sure, *times, str(screen["left"]))
    return table


def _spread(ms: Mapping[str, int] | None) -> str:
    return "" if ms is None else f"{ms['median'] / 1000:.2g}/{ms['p90'] / 1000:.2g}"

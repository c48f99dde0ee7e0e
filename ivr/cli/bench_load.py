# SPDX-License-Identifier: Apache-2.0
"""`sonsori bench load`: how many listening calls one core carries in real time."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ivr.load.measure import Length, Level

REPORTS = Path("var/bench")


def command(
    calls: Annotated[str, typer.Option(metavar="N,N,...", help="Calls at once.")] = (
        "5,10,15,20,25,30,40"
    ),
    warm_up: Annotated[float, typer.Option(min=0, help="Seconds to get going.")] = 8,
    seconds: Annotated[float, typer.Option(min=1, help="To measure each of them.")] = 60,
    core: Annotated[int, typer.Option(min=0, help="Of the web process.")] = 0,
    page: Annotated[
        Path | None, typer.Option(help="Write the section of this page, and its picture.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False,
) -> None:
    """Measure the web process, bound to one core, with more and more callers who say yes."""
    from ivr.load.measure import Length

    levels = _levels(calls)
    if not hasattr(os, "sched_getaffinity"):
        raise typer.BadParameter("only Linux binds a process to a core")
    if core not in os.sched_getaffinity(0):
        raise typer.BadParameter(f"there is no core {core} to run on")
    measured = _measure(levels, Length(warm_up, seconds), core)
    _save(measured, seconds, page)
    if as_json:
        typer.echo(json.dumps([level.as_dict() for level in measured]))
        return
    from rich.console import Console
    from rich.table import Table

    from ivr.load.page import COLUMNS, row

    table = Table(*COLUMNS, title=f"listening calls on core {core}")
    for level in measured:
        table.add_row(*row(level))
    Console().print(table)


def _levels(given: str) -> list[int]:
    try:
        levels = [int(number) for number in given.split(",")]
    except ValueError as error:
        raise typer.BadParameter("numbers of calls, with commas between") from error
    if min(levels) < 1:
        raise typer.BadParameter("at least one call")
    return levels


def _measure(levels: Sequence[int], length: Length, core: int) -> list[Level]:
    import structlog

    from ivr.load.measure import elsewhere, measure_levels
    from ivr.load.ringing import open_exchange
    from ivr.load.web import web_on_core
    from ivr.load.words import heard_words

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with TemporaryDirectory() as folder, elsewhere(core):
        data_dir = Path(folder)
        _say("choosing words that are heard ...")
        words = heard_words(data_dir, 12)
        with web_on_core(core, data_dir) as web:
            return measure_levels(open_exchange(web), words, levels, length, _tell)


def _save(measured: Sequence[Level], seconds: float, page: Path | None) -> None:
    from ivr.load.page import section
    from training.bench.sections import with_section

    REPORTS.mkdir(parents=True, exist_ok=True)
    figures = json.dumps([level.as_dict() for level in measured], indent=2)
    (REPORTS / "load.json").write_text(figures + "\n", "utf-8")
    pictures = [REPORTS / "load.png"]
    if page is not None:
        written = with_section(page.read_text("utf-8"), section(measured, seconds))
        page.write_text(written, "utf-8")
        pictures.append(page.parent / "images" / "load.png")
    if find_spec("matplotlib") is None:
        _say("no picture: matplotlib is not installed: pip install 'sonsori[bench]'")
        return
    from ivr.load.plot import draw_load

    for picture in pictures:
        picture.parent.mkdir(parents=True, exist_ok=True)
        draw_load(measured, picture)
        _say(f"written: {picture}")


def _tell(level: Level) -> None:
    _say(
        f"{level.calls} calls: median {level.delay_ms} ms, 95th percentile {level.delay_p95_ms} ms,"
        f" {level.unanswered} of {level.words} words unanswered, {level.cpu} cores"
    )


def _say(line: str) -> None:
    typer.echo(line, err=True)

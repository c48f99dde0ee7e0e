# SPDX-License-Identifier: Apache-2.0
"""`sonsori bench`: how well and how fast the parts work, measured on your own data.

Each reader works in a process of its own. This one imports neither models nor matplotlib before
all is measured: on Linux, a process counts as at least as large as the one that started it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ivr.cli import bench_corrections
from ivr.cli.bench_changed import changed
from ivr.cli.bench_dialogs import dialogs
from ivr.cli.bench_speech import speech

if TYPE_CHECKING:
    from training.bench.contestants import Contestant
    from training.bench.race import Entry

app = typer.Typer(help="Measure how well and how fast the parts work.", no_args_is_help=True)

app.command("corrections")(bench_corrections.command)

REPORTS = Path("var/bench")
READ = (sys.executable, "-c", "from ivr.cli import main; main()", "read")

Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]
Against = Annotated[str, typer.Option(metavar="NAMES", help="Other readers: rapidocr,tesseract.")]
Runs = Annotated[int, typer.Option(min=1, help="Of how many runs to take the median.")]
Folder = Annotated[
    Path | None, typer.Option(metavar="DIR", exists=True, file_okay=False, help="With labels.csv.")
]


app.command()(speech)
app.command()(dialogs)
app.command()(changed)


@app.callback()
def bench() -> None:
    """Measure how well and how fast the parts work."""


@app.command()
def photos(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", exists=True, file_okay=False, help="Photos with their labels.csv."
        ),
    ],
    against: Against = "",
    as_json: Json = False,
    save: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="For pictures and outcomes. Default: in var/bench."),
    ] = None,
) -> None:
    """Read every photo that labels.csv in DIR names, and score the readings.

    Pictures are drawn too, unless nothing but --json was asked for.
    """
    from training.bench.race import scores_of

    entries = _race(folder, _peers(against))
    if as_json:
        typer.echo(json.dumps(scores_of(entries, with_peers=bool(against))))
    else:
        _show(entries)
    if save or against or not as_json:
        _report(entries, save or REPORTS / folder.resolve().name)


@app.command()
def cost(runs: Runs = 5, as_json: Json = False) -> None:
    """Time one reading against pixels (up to 50 million) and digits (up to 200)."""
    from rich.console import Console

    from training.bench.cost import measure_cost
    from training.progress import RichProgress

    with RichProgress() as progress:
        measured = measure_cost(runs, progress=progress)
    if as_json:
        typer.echo(json.dumps(measured.as_dict()))
        return
    from ivr.cli.bench_tables import growth_table

    Console().print(growth_table(measured.as_dict()))
    if _can_draw():
        from training.bench.plots import draw_cost

        REPORTS.mkdir(parents=True, exist_ok=True)
        draw_cost(measured, REPORTS / "cost.png")
        typer.echo(f"written: {REPORTS / 'cost.png'}", err=True)


@app.command()
def start(runs: Runs = 5, as_json: Json = False) -> None:
    """Time the whole command `sonsori read`, from its start to its answer."""
    from training.bench.start import measure_starts

    starts = measure_starts(READ, runs)
    if as_json:
        typer.echo(json.dumps([one.as_dict() for one in starts]))
        return
    from rich.console import Console

    from ivr.cli.bench_tables import starts_table

    Console().print(starts_table(starts))


@app.command("all")
def everything(
    photos: Folder = None,
    synthetic: Folder = None,
    against: Against = "",
    page: Annotated[Path, typer.Option(help="Where to write.")] = Path("docs/benchmarks.md"),
) -> None:
    """Measure photos, cost and start, and write the page of benchmarks anew.

    Sections of other commands stay as they are.
    """
    from training.bench.whole import measure_whole
    from training.progress import RichProgress

    peers = _peers(against)
    if not _can_draw():
        raise typer.Exit(1)
    with RichProgress() as progress:
        whole = measure_whole(photos, synthetic, peers, READ, say=_say, progress=progress)

    import vision
    from ivr.callers.page import TITLE as CORRECTIONS
    from ivr.learning.page import TITLE as LEARNING
    from ivr.listening.page import SECOND_TITLE as HEARING_TWICE
    from ivr.listening.page import TITLE as HEARING
    from ivr.load.page import TITLE as LOAD
    from training.bench.changed_page import TITLE as CHANGED
    from training.bench.report import write_whole
    from training.bench.sections import with_kept

    card = json.loads((vision.SHIPPED / "model.json").read_text("utf-8"))
    old = page.read_text("utf-8") if page.exists() else ""
    write_whole(whole, card, page, REPORTS)
    titles = (CHANGED, HEARING, HEARING_TWICE, CORRECTIONS, LOAD, LEARNING)
    page.write_text(with_kept(page.read_text("utf-8"), old, titles), "utf-8")
    typer.echo(f"written: {page}")


def _peers(names: str) -> tuple[Contestant, ...]:
    from training.bench.contestants import peers_named

    try:
        return peers_named(names)
    except ValueError as unknown:
        raise typer.BadParameter(str(unknown)) from unknown


def _race(folder: Path, peers: Sequence[Contestant]) -> list[Entry]:
    from training.bench.race import race
    from training.progress import RichProgress

    try:
        with RichProgress() as progress:
            return race(folder, peers, say=_say, progress=progress)
    except FileNotFoundError as missing:
        raise typer.BadParameter(f"{missing.filename} is missing") from missing


def _show(entries: Sequence[Entry]) -> None:
    from rich.console import Console

    from ivr.cli.bench_tables import costs_table, groups_table

    console = Console()
    console.print(groups_table(entries))
    console.print(costs_table(entries))


def _report(entries: Sequence[Entry], folder: Path) -> None:
    if _can_draw():
        from training.bench.report import write_report

        write_report(entries, folder)
        _say(f"written: {folder}")


def _can_draw() -> bool:
    """Whether matplotlib is there; says how to get it when not."""
    there = find_spec("matplotlib") is not None
    if not there:
        _say("no pictures: matplotlib is not installed: pip install 'sonsori[bench]'")
    return there


def _say(line: str) -> None:
    typer.echo(line, err=True)

# SPDX-License-Identifier: Apache-2.0
"""`sonsori bench learning`: new writers call, the service retrains itself, and reads better."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivr.learning.bench import Bench
    from ivr.learning.phases import Found

OUT = Path("var/bench/learning")
Folder = Annotated[
    Path | None, typer.Option(metavar="DIR", exists=True, file_okay=False, help="With labels.csv.")
]


def command(
    calls: Annotated[int, typer.Option(min=2, help="Callers, each with a photo.")] = 600,
    unseen: Annotated[int, typer.Option(min=1, help="Photos of others who write as they do.")] = (
        400
    ),
    old: Annotated[int, typer.Option(min=1, help="Synthetic photos, as before.")] = 1000,
    photos: Folder = None,
    seed: Annotated[int, typer.Option(help="Of writers, numbers, mistakes.")] = 7,
    data: Annotated[Path, typer.Option(metavar="DIR", help="Fonts and MNIST.")] = Path("var/data"),
    out: Annotated[Path, typer.Option(metavar="DIR", help="For all that is made.")] = OUT,
    begin: Annotated[
        str, typer.Option("--from", metavar="PHASE", help="Do this phase and the next ones again.")
    ] = "",
    page: Annotated[
        Path | None, typer.Option(help="Write the section of this page, and its pictures.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Have new writers call, retrain, promote; read other such writers before and after.

    The same data once more, and random labels, must come to nothing. A bench that breaks off goes
    on where it was. Exit status 1: a phase failed, or something did not come out as it should.
    """
    from ivr.learning.bench import AnotherBench, Bench

    bench = Bench(
        out.resolve(), calls, unseen, old, seed, photos=photos and photos.resolve(), data=data
    )
    try:
        bench.claim()
    except AnotherBench as error:
        raise typer.BadParameter(str(error)) from error
    found = _run(bench, begin)
    _save(bench, found, page)
    if as_json:
        typer.echo(json.dumps(_summary(found), ensure_ascii=False))
    else:
        _show(found)
    _judge(found)


def _run(bench: Bench, begin: str) -> Mapping[str, Found]:
    from ivr.learning.phases import PhaseFailed, begin_from, run_phases
    from ivr.learning.whole import PHASES
    from training.progress import RichProgress

    try:
        if begin:
            begin_from(bench, PHASES, begin)
        with RichProgress() as progress:
            return run_phases(bench, PHASES, say=_say, progress=progress)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    except PhaseFailed as error:
        _say(f"{error}\nLogs: {bench.service}/logs, {bench.service}/training/runs.")
        _say(f"Kept in {bench.folder}: the same command goes on from there.")
        raise typer.Exit(1) from error


def _save(bench: Bench, found: Mapping[str, Found], page: Path | None) -> None:
    from ivr.learning.page import section
    from training.bench.sections import with_section

    (bench.folder / "result.json").write_text(json.dumps(_summary(found), indent=1), "utf-8")
    options = " --photos DIR" if bench.photos is not None else ""
    if page is not None:
        written = with_section(page.read_text("utf-8"), section(found, options))
        page.write_text(written, "utf-8")
        _say(f"written: {page}")
    if find_spec("matplotlib") is None:
        _say("no pictures: matplotlib is not installed: pip install 'sonsori[bench]'")
        return
    _draw(bench, found, [bench.folder, *([page.parent / "images"] if page else [])])


def _draw(bench: Bench, found: Mapping[str, Found], folders: list[Path]) -> None:
    from ivr.learning.compare import compare
    from ivr.learning.plots import draw_before_after, draw_curves

    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        draw_before_after(compare(found["before"], found["after"]), folder / "learning.png")
        draw_curves(found["retrain"]["curves"], folder / "learning-curves.png")
        _say(f"written: {folder / 'learning.png'}, {folder / 'learning-curves.png'}")


def _show(found: Mapping[str, Found]) -> None:
    from rich.console import Console
    from rich.table import Table

    from ivr.learning.compare import compare
    from ivr.learning.page import COLUMNS, row, what_calls_left, what_controls_did, what_took

    console = Console()
    table = Table("", *COLUMNS[1:], title="before and after")
    for one in compare(found["before"], found["after"]):
        table.add_row(*row(one))
    console.print(table)
    parts = {
        "what the calls left": what_calls_left(found["calls"]),
        "what came of the retrainings": what_controls_did(found),
        "seconds": what_took(found),
    }
    for title, rows in parts.items():
        table = Table(title=title, show_header=False)
        for cells in rows:
            table.add_row(*cells)
        console.print(table)


def _summary(found: Mapping[str, Found]) -> Found:
    """All findings but the single photos, and what they come to."""
    from ivr.learning.compare import compare, shortcomings

    compared = [one.as_dict() for one in compare(found["before"], found["after"])]
    phases = {
        name: {key: value for key, value in one.items() if key != "sets"}
        for name, one in found.items()
    }
    return {"compared": compared, "shortcomings": shortcomings(found), "phases": phases}


def _judge(found: Mapping[str, Found]) -> None:
    from ivr.learning.compare import shortcomings

    missed = shortcomings(found)
    for line in missed:
        _say(f"NOT AS IT SHOULD BE: {line}")
    if missed:
        raise typer.Exit(1)


def _say(line: str) -> None:
    typer.echo(line, err=True)

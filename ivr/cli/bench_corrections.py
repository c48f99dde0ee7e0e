# SPDX-License-Identifier: Apache-2.0
"""`sonsori bench corrections`: can callers put a wrong number right?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ivr.callers import Misread, Tally


def command(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", exists=True, file_okay=False, help="Photos with their labels.csv."
        ),
    ],
    callers: Annotated[int, typer.Option(min=1, help="How many call.")] = 300,
    seed: Annotated[int, typer.Option(help="Of their luck.")] = 1,
    rates: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help=r"TOML: \[yes] right=, wrong=; \[no], \[position].",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    page: Annotated[
        Path | None, typer.Option(help="Page of benchmarks whose section to write anew.")
    ] = None,
) -> None:
    """Have simulated callers correct, by voice and keys, what the reader misreads in DIR."""
    tally = _measure(folder, callers, seed, rates)
    if as_json:
        typer.echo(json.dumps(tally.as_dict()))
    else:
        _show(tally)
    if page is not None:
        _write(page, tally, rates)


def _measure(folder: Path, callers: int, seed: int, rates: Path | None) -> Tally:
    from ivr.callers import ASSUMED, play_many, rates_from

    try:
        heard = ASSUMED if rates is None else rates_from(rates)
        return play_many(_misread(folder), callers, seed=seed, rates=heard)
    except FileNotFoundError as missing:
        raise typer.BadParameter(f"{missing.filename} is missing") from missing
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong)) from wrong


def _misread(folder: Path) -> list[Misread]:
    from ivr.callers import misread_photos
    from training.progress import RichProgress

    with RichProgress() as progress:
        return misread_photos(folder, progress)


def _show(tally: Tally) -> None:
    from rich.console import Console
    from rich.table import Table

    from ivr.callers.page import rows

    table = Table("", "all", "same count", "other count")
    for row in rows(tally):
        table.add_row(*(cell.strip("*") for cell in row))
    Console().print(table)


def _write(page: Path, tally: Tally, rates: Path | None) -> None:
    from ivr.callers.page import as_section
    from training.bench.sections import with_section

    section = as_section(tally, rates.as_posix() if rates else None)
    page.write_text(with_section(page.read_text("utf-8"), section), "utf-8")
    typer.echo(f"written: {page}", err=True)

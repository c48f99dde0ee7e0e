# SPDX-License-Identifier: Apache-2.0
"""`sonsori bench changed`: the same photos, taken otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def changed(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", exists=True, file_okay=False, help="Photos with their labels.csv."
        ),
    ],
    groups: Annotated[
        str, typer.Option(metavar="NAMES", help="Of labels.csv: core,single. Default: all.")
    ] = "",
    processes: Annotated[int, typer.Option(min=1, help="How many read at a time.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    page: Annotated[Path | None, typer.Option(help="Write the section of this page.")] = None,
) -> None:
    """Read every photo in DIR turned, aslant, in other light and from further off."""
    from rich.console import Console

    from ivr.cli.bench_tables import changes_table
    from training.bench.changed import measure_changed
    from training.bench.changed_page import section
    from training.progress import RichProgress

    wanted = [name for name in groups.split(",") if name]
    try:
        with RichProgress() as progress:
            borne = measure_changed(folder, wanted, processes, progress=progress)
    except FileNotFoundError as missing:
        raise typer.BadParameter(f"{missing.filename} is missing") from missing
    rows = [one.as_dict() for one in borne]
    typer.echo(json.dumps(rows)) if as_json else Console().print(changes_table(rows))
    if page is not None:
        _write(section(borne, wanted), page)


def _write(text: str, page: Path) -> None:
    from training.bench.sections import with_section

    page.write_text(with_section(page.read_text("utf-8"), text), "utf-8")

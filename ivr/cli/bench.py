# SPDX-License-Identifier: Apache-2.0
"""`sonsori bench`: how well and how fast the parts work, measured on your own data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table

app = typer.Typer(help="Measure how well and how fast the parts work.", no_args_is_help=True)


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
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Read every photo that labels.csv in DIR names, and score the readings."""
    import vision
    from training.scoring import score_folder

    model = vision.load_model()
    try:
        scores = score_folder(folder, lambda photo: vision.read(photo, model))
    except FileNotFoundError as missing:
        raise typer.BadParameter(f"{missing.filename} is missing") from missing
    if as_json:
        typer.echo(json.dumps(scores))
        return
    from rich.console import Console

    Console().print(_table(scores))


@app.command("all")
def everything(
    photos: Annotated[
        Path | None,
        typer.Option(metavar="DIR", exists=True, file_okay=False, help="As of `bench photos`."),
    ] = None,
    synthetic: Annotated[
        Path | None,
        typer.Option(metavar="DIR", exists=True, file_okay=False, help="A synthetic set."),
    ] = None,
    page: Annotated[Path, typer.Option(help="Where to write.")] = Path("docs/benchmarks.md"),
) -> None:
    """Write the page of benchmarks anew."""
    import vision
    from training.benchmark_page import Scored, as_markdown
    from training.scoring import score_folder

    model = vision.load_model()
    folders = (
        ("Photographs by strangers, which trained nothing", "bench photos DIR", photos),
        ("Synthetic photos, of seeds that trained nothing", "bench photos SYNTHETIC", synthetic),
    )
    scored = [
        Scored(title, f"sonsori {command}", score_folder(folder, lambda p: vision.read(p, model)))
        for title, command, folder in folders
        if folder is not None
    ]
    card = json.loads((vision.SHIPPED / "model.json").read_text("utf-8"))
    page.write_text(as_markdown(scored, card), "utf-8")
    typer.echo(f"written: {page}")


def _table(scores: dict[str, Any]) -> Table:
    from rich.table import Table

    cost = f"{scores['ms']['p50']} ms (p95 {scores['ms']['p95']}), {scores['peak_rss_mb']} MB"
    table = Table("group", "exact", "CER", "sure", "silent errors", caption=cost)
    for name, group in {**scores["groups"], "all": scores}.items():
        exact = f"{group['exact']}/{group['photos']}"
        cer = "" if group["cer"] is None else f"{group['cer']:.3f}"
        table.add_row(name, exact, cer, str(group["sure"]), str(group["silent_errors"]))
    return table

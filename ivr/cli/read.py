# SPDX-License-Identifier: Apache-2.0
"""`sonsori read`: photos in, readings out. No phone, no queue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from vision import Reading

ENOUGH_BYTES = 16_000_001  # a file of more is refused by its length: the rest need not be read


def command(
    photos: Annotated[
        list[Path],
        typer.Argument(exists=True, dir_okay=False, readable=True, help="Photos to read."),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line a photo.")] = False,
) -> None:
    """Read the digits in PHOTOS. A photo that cannot be read says why and the rest go on."""
    import vision

    model = vision.load_model()
    if as_json:
        for photo in photos:
            reading = vision.read(_start_of(photo), model)
            typer.echo(json.dumps({"file": str(photo), **reading.as_dict()}))
        return
    from rich.console import Console

    readings = [(photo, vision.read(_start_of(photo), model)) for photo in photos]
    Console().print(_table(readings))


def _start_of(photo: Path) -> bytes:
    with photo.open("rb") as file:
        return file.read(ENOUGH_BYTES)


def _table(readings: list[tuple[Path, Reading]]) -> Table:
    from rich.table import Table

    table = Table("photo", "digits", "sure", "confidence", "problems", "ms")
    for photo, reading in readings:
        table.add_row(
            photo.name,
            reading.text,
            "yes" if reading.sure else "no",
            f"{reading.confidence:.3f}",
            ", ".join(reading.problems),
            f"{reading.ms:.0f}",
        )
    return table

# SPDX-License-Identifier: Apache-2.0
"""`sonsori bench promotion`: a promotion and a roll-back while photos come in."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer


def command(
    rate: Annotated[float, typer.Option(min=0.1, help="Photos a second.")] = 20,
    seconds: Annotated[
        float, typer.Option(min=0, help="Before, between and after the changes, each.")
    ] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Measure two workers that change over under load. Fails when a single reading is wrong."""
    import logging

    import structlog

    from ivr.changeover.measure import measure

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with TemporaryDirectory() as folder:
        found = measure(Path(folder), rate, seconds)
    if as_json:
        typer.echo(json.dumps(found.as_dict()))
    else:
        for name, value in found.as_dict().items():
            typer.echo(f"{name:22} {value}")
    raise typer.Exit(1 if found.failed or found.mixed else 0)

# SPDX-License-Identifier: Apache-2.0
"""`sonsori rollback`: back to the model that served before."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from ivr.cli.promote import By, Why, operator, warn_of_fixed_folder


def command(
    by: By = "",
    why: Why = "",
    to: Annotated[
        str | None, typer.Option(metavar="BUNDLE", help="Go back to this one, which served before.")
    ] = None,
) -> None:
    """Put the model into service that served before; the registry may be away."""
    from ivr.settings import Settings
    from worker.promotion import REFUSALS, Step, opener, roll_back
    from worker.store import open_store

    settings = Settings()
    steps: list[Step] = []
    try:
        with closing(open_store(settings)) as store:
            served = roll_back(
                store, opener(settings), by or operator(), why, to=to, tell=steps.append
            )
    except REFUSALS as error:
        typer.echo(f"Not rolled back: {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{served.bundle} is in service again; {served.replaced} is not.")
    if Step.ALIASED not in steps:
        typer.echo("The registry is away: `sonsori models` moves its aliases later.", err=True)
    warn_of_fixed_folder(fixed=settings.model_dir is not None)

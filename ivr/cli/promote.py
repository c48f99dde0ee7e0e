# SPDX-License-Identifier: Apache-2.0
"""`sonsori promote`: a model into service."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

By = Annotated[str, typer.Option("--by", help="Who says so; by default whoever is logged in.")]
Why = Annotated[str, typer.Option("--why", help="The reason, for the record.")]


def command(
    version: Annotated[
        str, typer.Argument(help="Number in the registry, `challenger`, or a bundle's folder.")
    ],
    by: By = "",
    why: Why = "",
    force: Annotated[
        bool, typer.Option("--force", help="Whatever the gate says. Needs --why.")
    ] = False,
) -> None:
    """Check a model, publish it, and put it into service: workers change over within seconds."""
    from ivr.settings import Settings
    from worker.promotion import REFUSALS, AlreadyServed, opener, promote
    from worker.store import open_store

    if force and not why.strip():
        raise typer.BadParameter("--force needs a reason: --why TEXT")
    settings = Settings()
    try:
        with closing(open_store(settings)) as store:
            served = promote(
                store,
                opener(settings),
                version,
                by or operator(),
                why,
                force=force,
                tell=lambda step: typer.echo(f"{step} ...", err=True),
            )
    except AlreadyServed as error:
        typer.echo(f"{error}; nothing to do.")
        return
    except REFUSALS as error:
        typer.echo(f"Not promoted: {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{served.bundle} is in service; before it was {served.replaced}.")
    warn_of_fixed_folder(fixed=settings.model_dir is not None)


def operator() -> str:
    """Whoever is logged in."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return "unknown"


def warn_of_fixed_folder(*, fixed: bool) -> None:
    if fixed:
        typer.echo("SONSORI_MODEL_DIR is set: workers with it go on serving that folder.", err=True)

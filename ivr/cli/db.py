# SPDX-License-Identifier: Apache-2.0
"""`sonsori db`: the database's tables."""

from __future__ import annotations

import typer

app = typer.Typer(help="The database.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """The database."""


@app.command()
def upgrade() -> None:
    """Bring the tables, and MLflow's where trainings run, to the newest version; nothing to do is
    fine."""
    from ivr.settings import Settings
    from worker.migrations import upgrade
    from worker.retraining.memory import MemoryNotUpgraded, upgrade_memory

    settings = Settings()
    upgrade(settings)
    typer.echo("The tables are up to date.")
    try:
        if upgrade_memory(settings):
            typer.echo("MLflow's tables are up to date.")
    except MemoryNotUpgraded as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error

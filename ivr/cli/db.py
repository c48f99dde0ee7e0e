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
    """Bring the tables, and MLflow's where it is installed, to the newest version."""
    from ivr.settings import Settings
    from worker.memory import migrate_memory
    from worker.migrations import upgrade

    settings = Settings()
    upgrade(settings)
    typer.echo("The tables are up to date.")
    if migrate_memory(settings):
        typer.echo("MLflow's tables are up to date.")

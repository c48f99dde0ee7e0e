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
    """Bring the tables to the newest version; nothing to do is fine."""
    from ivr.settings import Settings
    from worker.migrations import upgrade

    settings = Settings()
    upgrade(settings)
    typer.echo("The tables are up to date.")

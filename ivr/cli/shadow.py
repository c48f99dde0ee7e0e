# SPDX-License-Identifier: Apache-2.0
"""`sonsori shadow`: a challenger that reads along, and is never heard."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from ivr.cli.promote import operator

if TYPE_CHECKING:
    from worker.promotion.shadow_report import Report

app = typer.Typer(help="A challenger that reads along, and is never heard.", no_args_is_help=True)


@app.command()
def on(
    version: Annotated[
        str, typer.Argument(help="Number in the registry, `challenger`, or a bundle's folder.")
    ],
    by: Annotated[str, typer.Option(help="Who says so.")] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Though it failed by more than a little.")
    ] = False,
) -> None:
    """Let a challenger that narrowly failed read photos of callers who agreed, after the call."""
    from ivr.settings import Settings
    from worker.promotion import REFUSALS, opener, shadow
    from worker.store import open_store

    settings = Settings()
    try:
        with closing(open_store(settings)) as store:
            begun = shadow.begin(store, opener(settings), version, by or operator(), force=force)
    except REFUSALS as error:
        typer.echo(f"It does not read along: {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{begun.bundle} reads along.")


@app.command()
def off() -> None:
    """Nobody reads along any more. What was counted stays."""
    from ivr.settings import Settings
    from worker.promotion import ModelStore, shadow

    shadow.end(ModelStore(Settings().models()))
    typer.echo("Nobody reads along.")


@app.command()
def status(
    bundle: Annotated[
        str | None, typer.Option(help="One that read along before.", metavar="BUNDLE")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Say who reads along, how often it differs from what was spoken, and who was right."""
    from ivr.settings import Settings
    from worker.promotion import ModelStore, Unusable, shadow
    from worker.promotion.shadow_report import report
    from worker.store import open_store

    settings = Settings()
    try:
        now = shadow.current(ModelStore(settings.models()))
    except Unusable as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    asked = bundle or (now and now.bundle)
    if not asked:
        typer.echo("{}" if as_json else "Nobody reads along.")
        return
    with closing(open_store(settings)) as store:
        counted = report(store, asked)
    typer.echo(json.dumps(counted.as_dict()) if as_json else _in_words(counted))


def _in_words(counted: Report) -> str:
    return "\n".join(
        (
            f"{counted.challenger}: {counted.readings} photos read along",
            f"differs on {counted.differ} ({100 * counted.share:.1f} %)",
            f"by what callers said: {counted.wins} won, {counted.losses} lost, "
            f"{counted.neither} neither",
            f"wrong and sure, where they differ: {counted.would_mislead} it, "
            f"{counted.misled} what was spoken",
            f"same digits: surer on {counted.more_sure}, less sure on {counted.less_sure}",
        )
    )

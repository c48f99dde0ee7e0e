# SPDX-License-Identifier: Apache-2.0
"""`sonsori models`: which models there are, which one serves, and what served when."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import closing
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from worker.promotion.history import Span
    from worker.promotion.overview import Overview


def command(
    at: Annotated[
        str | None,
        typer.Option(metavar="WHEN", help="What served then, UTC: 2026-11-17 or 2026-11-17T14:30."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show the versions in the registry, what serves, and what served when."""
    from ivr.settings import Settings
    from worker.promotion import REFUSALS, opener
    from worker.promotion.overview import look, served_during
    from worker.store import open_store

    asked = None if at is None else _time(at)
    settings = Settings()
    try:
        with closing(open_store(settings)) as store:
            if asked is not None:
                _show_spans(served_during(store, *asked), as_json)
                return
            overview = look(store, opener(settings))
    except REFUSALS as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps(overview.as_dict(), indent=2))
    else:
        _show(overview, settings.model_dir is not None)


def _time(given: str) -> tuple[datetime, datetime]:
    """From when to before when: a day, or a moment."""
    try:
        if len(given) == len("2026-11-17"):
            start = datetime.combine(date.fromisoformat(given), datetime.min.time())
            return start, start + timedelta(days=1)
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise typer.BadParameter("a day such as 2026-11-17, or 2026-11-17T14:30") from error
    moment = moment.replace(tzinfo=None)
    return moment, moment + timedelta(microseconds=1)


def _show_spans(spans: list[Span], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([span.as_dict() for span in spans], indent=2))
        return
    from rich.console import Console

    Console().print(_served(spans))


def _show(overview: Overview, fixed: bool) -> None:
    from rich.console import Console

    console = Console()
    console.print(_versions(overview))
    console.print(_served(overview.served))
    console.print(f"In service: {overview.serving}")
    for bundle, reason in overview.refused.items():
        console.print(f"Refused by a worker: {bundle}: {reason}")
    if overview.away:
        typer.echo(overview.away, err=True)
    if fixed:
        typer.echo("SONSORI_MODEL_DIR is set: workers serve that folder instead.", err=True)


def _versions(overview: Overview) -> Table:
    from rich.table import Table

    table = Table("version", "bundle", "aliases", "gate", "made (UTC)", title="registry")
    for one in overview.versions:
        made = f"{one.at:%Y-%m-%d %H:%M}"
        table.add_row(str(one.version), one.bundle, ", ".join(one.aliases), one.verdict, made)
    return table


def _served(spans: Iterable[Span]) -> Table:
    from rich.table import Table

    table = Table("from (UTC)", "until", "bundle", "version", "by", "why", title="served")
    for span in spans:
        since = f"{span.since:%Y-%m-%d %H:%M:%S}" if span.since else "the beginning"
        until = f"{span.until:%Y-%m-%d %H:%M:%S}" if span.until else "now"
        why = f"{span.kind}: {span.reason}" if span.reason else span.kind
        version = "" if span.version is None else str(span.version)
        table.add_row(since, until, span.bundle, version, span.actor, why)
    return table

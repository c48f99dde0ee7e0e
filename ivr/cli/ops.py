# SPDX-License-Identifier: Apache-2.0
"""`sonsori ops`: what operators see and do. Exit status: 0 done, 1 not possible, 2 bad usage."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ivr.ops.tables import Table
    from worker import Store

app = typer.Typer(help="For operators: what is under way, what failed, and to mend it.")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]
_NUMBER = re.compile(r"(whatsapp:)?\+[1-9]\d{6,14}|api:[a-z][a-z0-9_-]{0,31}")


@app.callback()
def group() -> None:
    """For operators."""
    import structlog

    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))


@app.command()
def status(as_json: AsJson = False) -> None:
    """Queues, workers, photos, calls, retraining, the model that serves, drift: as of now."""
    from ivr.ops.state import State

    with _store() as store:
        state = State.of(store)
    if as_json:
        typer.echo(json.dumps(state.as_dict(), ensure_ascii=False))
        return
    for concern in state.concerns() or ["Nothing needs to be looked at."]:
        typer.echo(concern)
    _print(state.tables())
    for line in state.lines():
        typer.echo(line)


@app.command()
def failed(
    days: Annotated[float, typer.Option(min=0, help="How far back to look.")] = 7,
    as_json: AsJson = False,
) -> None:
    """Photos, calls, texts and retrainings that failed and that nobody will try again."""
    from ivr.ops import tables
    from worker.failures import failures

    with _store() as store:
        found = failures(store, days=days)
    if as_json:
        typer.echo(json.dumps({"failures": [failure.as_dict() for failure in found]}))
    elif found:
        _print((tables.failed(found),))
    else:
        typer.echo("Nothing failed.")


@app.command()
def retry(
    name: Annotated[str, typer.Argument(metavar="ID", help="As `ops failed` names it: photo-12.")],
) -> None:
    """Try a photo, a call, a text or a retraining again."""
    from worker.failures import Kind
    from worker.retrying import NotPossibleError
    from worker.retrying import retry as try_again

    kind, _, number = name.partition("-")
    if kind not in list(Kind) or not (number.isdecimal() and number.isascii()):
        kinds = ", ".join(f"{kind}-12" for kind in Kind)
        raise typer.BadParameter(f"{name} is none of {kinds}", param_hint="ID")
    with _store() as store:
        try:
            typer.echo(try_again(store, Kind(kind), int(number)))
        except NotPossibleError as refusal:
            typer.echo(str(refusal), err=True)
            raise typer.Exit(1) from refusal


@app.command()
def forget(
    number: Annotated[
        str, typer.Argument(help="+821012345678, or api:NAME for what an application sent.")
    ],
    only_here: Annotated[
        bool, typer.Option(help="Leave the provider's copies, when it cannot be reached.")
    ] = False,
) -> None:
    """Delete a caller and all that hangs on them, first at the provider."""
    from worker.gateway import GatewayError
    from worker.provider_copies import forget_with_copies

    bare = re.sub(r"[\s().-]", "", number) if number.startswith("+") else number
    if not _NUMBER.fullmatch(bare):
        raise typer.BadParameter("a number is written like +821012345678", param_hint="NUMBER")
    with _store() as store, _eraser(store, only_here) as erase:
        try:
            gone = forget_with_copies(store, bare, erase)
        except GatewayError as error:
            typer.echo(f"Nothing was deleted: the provider's copies were not. {error}", err=True)
            raise typer.Exit(1) from error
    if gone is None:
        typer.echo("The caller is on the line: all is deleted when the call is over.")
        return
    if not gone.callers:
        typer.echo("Nobody is known by this number.", err=True)
        raise typer.Exit(1)
    kinds = ("messages", "photos", "calls", "texts")
    parts = ", ".join(f"{getattr(gone, kind)} {kind}" for kind in kinds)
    typer.echo(f"Deleted: {parts}. Shuffled digits that were kept with consent are nobody's.")


@contextmanager
def _eraser(store: Store, only_here: bool) -> Iterator[Callable[[str, list[str]], None]]:
    from worker.gateway import Gateway

    gateway = Gateway(store.settings)
    try:
        yield (lambda sid, media_sids: None) if only_here else gateway.delete_message
    finally:
        gateway.close()


@contextmanager
def _store() -> Iterator[Store]:
    from ivr.settings import Settings
    from worker import open_store

    store = open_store(Settings())
    try:
        yield store
    finally:
        store.close()


def _print(tables: tuple[Table, ...]) -> None:
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table as RichTable

    console = Console(highlight=False)
    for table in tables:
        if not table.rows:
            typer.echo(f"{table.caption}: {table.empty}")
            continue
        shown = RichTable(*table.heads, title=table.caption, box=box.SIMPLE_HEAD)
        for row in table.rows:
            shown.add_row(*map(escape, row))
        console.print(shown)

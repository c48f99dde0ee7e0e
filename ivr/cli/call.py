# SPDX-License-Identifier: Apache-2.0
"""`sonsori call`: one whole call on this machine, printed while it happens."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from ivr.rehearsal import Caller, Entry, Outcome
    from ivr.settings import Settings

SAMPLES = Path(__file__).parents[1] / "devphone" / "samples"
_STYLES = {"service": "cyan", "caller": "green", "record": "dim", "phone": "yellow"}


def command(
    answers: Annotated[
        list[str] | None,
        typer.Argument(help="Further answers, as after --say or --keys.", metavar="ANSWER"),
    ] = None,
    photo: Annotated[
        list[Path] | None,
        typer.Option(help="Photo to text, once or several times. Default: a sample.", exists=True),
    ] = None,
    language: Annotated[str, typer.Option(help="The caller's language: ko or en.")] = "ko",
    say: Annotated[
        list[str] | None,
        typer.Option(help="What the caller says, turn by turn; the last is repeated."),
    ] = None,
    keys: Annotated[
        bool,
        typer.Option(
            "--keys", help="Answer by keys: --keys 1 2 482917# 1. Without ANSWERs always 1."
        ),
    ] = False,
    save: Annotated[
        Path | None, typer.Option(help="Folder for call.wav and transcript.json.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the transcript as JSON.")] = False,
) -> None:
    """Text a photo, be rung back, hear the digits, answer, hang up.

    Everything runs on this machine and ends with the call. Exit status 0: the call was completed
    and a label stored.
    """
    from rich.console import Console

    from ivr.rehearsal import RehearsalError
    from ivr.settings import Settings
    from ivr.stack import StackError

    settings = Settings()
    console = Console(highlight=False, stderr=json, soft_wrap=True)
    caller = _caller(language, say or [], keys, answers or [])
    photos = photo or [_sample()]
    try:
        outcome = _rehearse(settings, caller, photos, console)
    except (StackError, RehearsalError) as error:
        console.print(f"[red]{error}[/]")
        raise typer.Exit(1) from error
    place = outcome.save(save or settings.data_dir / "calls")
    console.print(f"\nheard: {place / 'call.wav'}\nwritten: {place / 'transcript.json'}")
    if json:
        typer.echo(outcome.as_json())
    if not outcome.good:
        console.print(f"[red]{_what_went_wrong(outcome)}[/]")
        raise typer.Exit(1)


def _caller(language: str, say: list[str], keys: bool, answers: list[str]) -> Caller:
    from ivr.rehearsal import caller_for

    if keys and say:
        raise typer.BadParameter("answer by --say or by --keys, not both")
    try:
        return caller_for(language, words=[*say, *answers], keys=answers if keys else None)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _sample() -> Path:
    samples = sorted(SAMPLES.glob("*.jpg"))
    if not samples:
        raise typer.BadParameter(f"no sample lies in {SAMPLES}: name a photo by --photo")
    return samples[0]


def _rehearse(
    settings: Settings, caller: Caller, photos: Sequence[Path], console: Console
) -> Outcome:
    """Run the call in a private data folder, which is kept only when something went wrong."""
    from ivr.rehearsal import rehearse
    from ivr.stack import make_plan, running, with_nobody_chosen
    from worker.store import open_store

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="call-", dir=settings.data_dir))
    with running(with_nobody_chosen(make_plan(folder, devphone=True))) as stack:
        store = open_store(stack.settings)
        try:
            outcome = rehearse(
                stack, store, caller, photos, lambda entry, start: _print(console, entry, start)
            )
        finally:
            store.close()
    if outcome.good:
        shutil.rmtree(folder)
    else:
        console.print(f"database and logs: {folder}")
    return outcome


def _print(console: Console, entry: Entry, start: float) -> None:
    from rich.text import Text

    line = Text(f"{max(0.0, entry.at - start):6.1f} s  ", style="dim")
    line.append(f"{entry.who:<8}", style=_STYLES[entry.who])
    line.append(entry.text, style="red" if entry.kind == "error" else "")
    console.print(line)


def _what_went_wrong(outcome: Outcome) -> str:
    errors = [entry.text for entry in outcome.entries if entry.kind == "error"]
    if errors:
        return f"The service answered the telephone network wrongly: {errors[0]}"
    if outcome.status != "completed":
        return f"The call was not completed: {outcome.status}."
    return "The call was completed, but no label was stored: the digits were not agreed on."

# SPDX-License-Identifier: Apache-2.0
"""`sonsori bench dialogs`: written calls performed on this machine, to listen to."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ivr.devphone.remote import RemotePhone
    from ivr.rehearsal import Performance
    from ivr.stack import Stack
    from worker.store import Store

CALLS = Path("var/bench/calls")
SAMPLES = Path(__file__).parents[1] / "devphone" / "samples"
NUMBERS = {"ko": "+82100000{:04}", "en": "+131255501{:02}"}  # given to nobody


def dialogs(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", exists=True, dir_okay=False, help="As in tests/dialogs."),
    ],
    save: Annotated[Path, typer.Option(metavar="DIR", help="For what is kept.")] = CALLS,
) -> None:
    """Perform written calls, one after the other, and keep each as call.wav and transcript.txt.

    Photos are the shipped samples, by name. Exit status 1 when a call did not go as written.
    """
    from ivr.rehearsal import DialogError, perform, read_dialog

    left = False
    with _stack() as (stack, phone, store):
        for index, file in enumerate(files):
            try:
                dialog = read_dialog(file)
            except DialogError as error:
                raise typer.BadParameter(str(error)) from error
            number = NUMBERS[dialog.language].format(index)
            performance = perform(dialog, phone, store, number, _sample)
            stack.check()
            place = _keep(performance, phone, save / file.stem)
            left |= bool(performance.left)
            typer.echo(f"{performance.left or 'as written'}: {dialog.story}; kept in {place}")
    if left:
        raise typer.Exit(1)


@contextmanager
def _stack() -> Iterator[tuple[Stack, RemotePhone, Store]]:
    """Everything that a call needs, in a folder that is gone afterwards."""
    from ivr.devphone.remote import RemotePhone
    from ivr.stack import make_plan, running, with_nobody_chosen
    from worker.store import open_store

    with tempfile.TemporaryDirectory() as folder:
        plan = with_nobody_chosen(make_plan(Path(folder), devphone=True))
        assert plan.phone_url is not None
        with running(plan) as stack:
            phone, store = RemotePhone(plan.phone_url), open_store(stack.settings)
            try:
                yield stack, phone, store
            finally:
                store.close()
                phone.close()


def _sample(name: str) -> Path:
    path = SAMPLES / f"{name}.jpg"
    if not path.exists():
        raise typer.BadParameter(
            f"no sample is called {name!r}: its call can be heard in the tests"
        )
    return path


def _keep(performance: Performance, phone: RemotePhone, place: Path) -> Path:
    """The sound of every call in it, and what was said and done."""
    place.mkdir(parents=True, exist_ok=True)
    for number, call in enumerate(performance.calls, start=1):
        name = "call.wav" if number == 1 else f"call-{number}.wav"
        (place / name).write_bytes(phone.recording(call))
    (place / "transcript.txt").write_text(performance.as_text() + "\n", "utf-8")
    return place

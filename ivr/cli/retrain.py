# SPDX-License-Identifier: Apache-2.0
"""`sonsori retrain` and `sonsori resume`: ask the trainer for a run, and see how it goes."""

from __future__ import annotations

import getpass
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from training.progress import ProgressBar
    from worker import Store
    from worker.retraining import RunView

_LOOK_EVERY_S = 0.5
# By how the run ended (`worker.training_records.TrainingState`): exit status, and what is said.
# 1 is also what could not be asked for, 2 a wrong command line.
_ENDINGS = {
    "passed": (0, "The challenger is better: `sonsori promote` puts it in service."),
    "refused": (3, "The gate refused the challenger."),
    "nothing_new": (4, "There was nothing new to learn."),
    "failed": (1, "It failed; `sonsori resume` goes on with it."),
    "given_up": (1, "It was given up; `sonsori resume` goes on with it."),
}
Wait = Annotated[bool, typer.Option("--wait", help="Show how it goes, until it has ended.")]


def retrain(
    wait: Wait = False,
    by: Annotated[
        str, typer.Option(help="Who asks; by default who is logged in.", metavar="NAME")
    ] = "",
) -> None:
    """Ask the trainer to make a better model of what callers confirmed.

    When the queue cannot be reached from here, the workers find the wish within a minute.
    Exit status: 0 when it was asked for, or with --wait when the gate lets the challenger
    through; 1 when one is under way already or it failed; 3 when the gate refused the challenger;
    4 when there was nothing new to learn.
    """
    from worker import retraining

    with _store() as store:
        try:
            run_id = retraining.ask(store, by or _user())
        except retraining.UnderWay as error:
            raise _told(str(error)) from error
        typer.echo(f"Retraining {run_id} is asked for.")
        _perhaps_wait(store, run_id, wait)


def resume(
    run: Annotated[int, typer.Argument(help="The retraining's number.", metavar="RUN")],
    wait: Wait = False,
) -> None:
    """Go on with a retraining that failed or was given up, from the step it had come to.

    Exit status: as of `retrain`; 1 also for a run that is not there, runs, or has ended.
    """
    from worker import retraining

    with _store() as store:
        try:
            retraining.resume(store, run)
        except retraining.CannotRetrain as error:
            raise _told(str(error)) from error
        typer.echo(f"Retraining {run} goes on. {_reused(retraining.look_at(store, run))}")
        _perhaps_wait(store, run, wait)


def _reused(view: RunView | None) -> str:
    """The trainer's own log says it of every step; this is what the last beat tells."""
    from worker.retraining.steps import reused

    done = reused(view.step) if view is not None and view.resumable else ()
    return f"Reused: {', '.join(done)}." if done else "No step had ended: it begins anew."


def _perhaps_wait(store: Store, run_id: int, wait: bool) -> None:
    if not wait:
        return
    from training.progress import RichProgress

    with RichProgress() as progress:
        view = _follow(store, run_id, progress)
    status, told = _ENDINGS[view.state]
    typer.echo("\n".join(filter(None, (told, view.reason))))
    raise typer.Exit(status)


def _follow(store: Store, run_id: int, progress: ProgressBar) -> RunView:
    """Show the stored beats until the run does not go on by itself; what it is then."""
    from worker import retraining

    shown, done = "", 0
    while True:
        view = retraining.look_at(store, run_id)
        assert view is not None, "rows of runs are never deleted"
        if view.over:
            return view
        job = f"{view.step}: {view.job}" if view.step else str(view.state)
        if job != shown:
            progress.begin(job, max(view.total, 1))
            shown, done = job, 0
        progress.advance(max(0, view.done - done), _note(view))
        done = max(done, view.done)
        time.sleep(_LOOK_EVERY_S)


def _note(view: RunView) -> str:
    return f"try {view.attempts}" if view.attempts > 1 else ""


@contextmanager
def _store() -> Iterator[Store]:
    import structlog

    from ivr.settings import Settings
    from worker import open_store

    silent = structlog.make_filtering_bound_logger(logging.CRITICAL)  # a queue away loses nothing
    structlog.configure(wrapper_class=silent)
    store = open_store(Settings())
    try:
        yield store
    finally:
        store.close()
        structlog.reset_defaults()


def _told(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(1)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user without a name
        return "somebody"

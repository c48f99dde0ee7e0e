# SPDX-License-Identifier: Apache-2.0
"""The `sonsori` command. A command parses, calls one function, prints; nothing else prints.

Each command has its module here and imports what is heavy when it runs, so that `--help` and
`sonsori read` start fast. Data goes to stdout, progress to stderr.
"""

from __future__ import annotations

import typer

from ivr.cli import (
    bench,
    bench_calls,
    bench_learning,
    bench_load,
    bench_promotion,
    call,
    db,
    mlflow,
    models,
    ops,
    promote,
    read,
    retrain,
    rollback,
    shadow,
    up,
)

app = typer.Typer(
    help="Reads handwritten digits to people who cannot see them, over a phone call.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for module in (read, call, up, models, promote, rollback, mlflow):
    app.command(module.__name__.rpartition(".")[2])(module.command)
app.command("retrain")(retrain.retrain)
app.command("resume")(retrain.resume)
bench.app.command("calls")(bench_calls.command)
bench.app.command("learning")(bench_learning.command)
bench.app.command("load")(bench_load.command)
bench.app.command("promotion")(bench_promotion.command)
app.add_typer(bench.app, name="bench")
app.add_typer(db.app, name="db")
app.add_typer(ops.app, name="ops")
app.add_typer(shadow.app, name="shadow")


def main() -> None:
    app()

# SPDX-License-Identifier: Apache-2.0
"""`sonsori mlflow`: MLflow's pages over our store."""

from __future__ import annotations

from typing import Annotated

import typer


def command(
    port: Annotated[int, typer.Option(min=1, max=65535, help="On this machine only.")] = 5000,
) -> None:
    """Show runs, curves and models in MLflow's own pages, until Ctrl-C."""
    import subprocess
    import sys
    from importlib.metadata import PackageNotFoundError, distribution

    from ivr.settings import Settings

    try:
        distribution("mlflow")  # the small package has no pages
    except PackageNotFoundError as error:
        typer.echo("MLflow's pages are not installed: pip install 'sonsori[ui]'", err=True)
        raise typer.Exit(1) from error
    settings = Settings()
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1"]
    command += ["--default-artifact-root", str(settings.artifacts())]
    typer.echo(f"http://127.0.0.1:{port}   Ctrl-C ends it.", err=True)
    try:
        done = subprocess.run(command, env=_environment(settings.tracking()), check=False)
    except KeyboardInterrupt:
        return
    raise typer.Exit(1 if done.returncode else 0)


def _environment(tracking_url: str) -> dict[str, str]:
    """The store's URL may hold a password: it goes where a list of processes does not show it."""
    import os

    store = {"MLFLOW_BACKEND_STORE_URI": tracking_url, "MLFLOW_REGISTRY_STORE_URI": tracking_url}
    return os.environ | store | {"MLFLOW_DISABLE_TELEMETRY": "true"}

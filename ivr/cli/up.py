# SPDX-License-Identifier: Apache-2.0
"""`sonsori up`: every process of the Procfile, until Ctrl-C."""

from __future__ import annotations

import time
from typing import Annotated

import typer

_LOOK_EVERY_S = 0.5


def command(
    devphone: Annotated[
        bool, typer.Option(help="Play telephone network and caller, instead of the real Twilio.")
    ] = True,
) -> None:
    """Start web process, worker, trainer, a private broker unless one is set, and the dev phone.

    Everything ends with Ctrl-C, or when one of the processes ends.
    """
    from rich.console import Console

    from ivr.settings import Settings
    from ivr.stack import StackError, make_plan, running

    console = Console(highlight=False)
    plan = make_plan(Settings().data_dir, devphone=devphone, trainer=True, fixed_ports=True)
    try:
        with running(plan) as stack:
            if stack.warning:
                console.print(f"[yellow]{stack.warning}[/]")
            if plan.phone_url:
                console.print(f"dev phone  {plan.phone_url}/devphone")
            console.print(f"service    {plan.web_url}")
            console.print(f"logs       {plan.log_dir}\nCtrl-C ends it all.")
            while True:
                stack.check()
                time.sleep(_LOOK_EVERY_S)
    except StackError as error:
        console.print(f"[red]{error}[/]")
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        console.print("Ended.")

# SPDX-License-Identifier: Apache-2.0
"""Which processes run, on which ports, with which settings in their environment."""

from __future__ import annotations

import os
import secrets
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from honcho.environ import parse_procfile

PROCFILE = Path(__file__).parents[2] / "Procfile"
PHONE, TRAINER = "phone", "trainer"  # the Procfile's names
SERVICE_NUMBER = "+12025550143"  # 555-01xx: numbers that belong to nobody
WEB_PORT, PHONE_PORT = 8000, 8001


@dataclass(frozen=True, slots=True)
class Plan:
    """What `running` starts. `environment` is complete but for the broker's address."""

    data_dir: Path
    commands: Mapping[str, str]
    environment: Mapping[str, str]
    web_url: str
    phone_url: str | None  # None: the real Twilio is on the other side

    @property
    def log_dir(self) -> Path:
        return self.data_dir / "logs"


def make_plan(
    data_dir: Path, *, devphone: bool, trainer: bool = False, fixed_ports: bool = False
) -> Plan:
    """The processes of the Procfile, with or without the dev phone and the trainer.

    With `fixed_ports` the usual ports are taken if they are free, so that addresses stay.
    """
    web_port = _free_port(WEB_PORT if fixed_ports else 0)
    phone_port = _free_port(PHONE_PORT if fixed_ports else 0)
    web_url, phone_url = (f"http://127.0.0.1:{port}" for port in (web_port, phone_port))
    environment = dict(os.environ) | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PORT": str(web_port),
        "PYTHONUNBUFFERED": "1",
        "SONSORI_DATA_DIR": str(data_dir.resolve()),
    }
    if devphone:
        environment |= _pretend_account(web_url, phone_port)
    commands = parse_procfile(PROCFILE.read_text()).processes
    left_out = {name for name, wanted in ((PHONE, devphone), (TRAINER, trainer)) if not wanted}
    return Plan(
        data_dir,
        {name: line for name, line in commands.items() if name not in left_out},
        environment,
        web_url,
        phone_url if devphone else None,
    )


def with_nobody_chosen(plan: Plan) -> Plan:
    """`plan`, for calls that are written down before: whom new models are tried on is chance.

    A share that is set stays.
    """
    return replace(plan, environment={"SONSORI_TEST_SHARE": "0", **plan.environment})


def _pretend_account(web_url: str, phone_port: int) -> dict[str, str]:
    """What an operator copies from Twilio's console, for an account that the dev phone plays."""
    return {
        "SONSORI_PUBLIC_URL": web_url,
        "SONSORI_TWILIO_ACCOUNT_SID": "AC" + secrets.token_hex(16),
        "SONSORI_TWILIO_AUTH_TOKENS": secrets.token_hex(16),
        "SONSORI_TWILIO_API_KEY": "",
        "SONSORI_TWILIO_NUMBER": SERVICE_NUMBER,
        "SONSORI_TWILIO_API_URL": f"http://127.0.0.1:{phone_port}",
        "SONSORI_MEDIA_HOSTS": f"localhost:{phone_port}",
        "SONSORI_DEVPHONE_PORT": str(phone_port),
    }


def _free_port(wanted: int) -> int:
    """`wanted` if nobody listens there, else one that the system picks."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

# SPDX-License-Identifier: Apache-2.0
"""`python -m ivr.devphone`: the dev phone on 127.0.0.1, one process, a thread a request."""

from __future__ import annotations

import logging

from werkzeug.serving import make_server

from ivr.devphone.app import create_phone
from ivr.devphone.settings import PhoneSettings


def main() -> None:
    settings = PhoneSettings()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    app = create_phone(settings)
    server = make_server("127.0.0.1", settings.devphone_port, app, threaded=True)
    server.serve_forever()


if __name__ == "__main__":
    main()

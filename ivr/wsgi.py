# SPDX-License-Identifier: Apache-2.0
"""What gunicorn loads: `gunicorn ivr.wsgi`."""

from ivr.app import create_app
from ivr.settings import Settings
from worker.logs import configure_logs

configure_logs()
application = create_app(Settings())

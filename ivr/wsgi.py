# SPDX-License-Identifier: Apache-2.0
"""What gunicorn loads: `gunicorn ivr.wsgi`."""

from ivr.app import create_app
from ivr.settings import Settings
from ivr.stream.routes import warm_up
from worker.logs import configure_logs

configure_logs()
application = create_app(Settings())
warm_up(application)

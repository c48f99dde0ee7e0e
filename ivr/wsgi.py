# SPDX-License-Identifier: Apache-2.0
"""What gunicorn loads: `gunicorn ivr.wsgi`."""

from ivr.app import create_app
from ivr.settings import Settings

application = create_app(Settings())

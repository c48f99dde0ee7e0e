# SPDX-License-Identifier: Apache-2.0
"""The worker's own application, which launches the stand-in flow that `STAND_IN` names."""

from __future__ import annotations

import os

from tests.worker.retraining.stand_in import stand_in
from worker.app import celery

celery.launch = stand_in(os.environ["STAND_IN"])

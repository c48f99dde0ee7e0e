# SPDX-License-Identifier: Apache-2.0
"""Everything off the request path: Celery tasks, database, objects, the Twilio REST gateway.

Knows nothing of HTTP requests, TwiML or speech. Public: the names below; `calls`, `inbox`,
`links`, `records` and `uploads` are modules to call into.
"""

from worker import calls, inbox, links, records, uploads
from worker.calls import CallView, ConfirmationRecord, TurnRecord
from worker.inbox import Inbound
from worker.migrations import upgrade
from worker.queue import Job
from worker.settings import Settings
from worker.store import Store, open_store

__all__ = [
    "CallView",
    "ConfirmationRecord",
    "Inbound",
    "Job",
    "Settings",
    "Store",
    "TurnRecord",
    "calls",
    "inbox",
    "links",
    "open_store",
    "records",
    "upgrade",
    "uploads",
]

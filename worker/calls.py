# SPDX-License-Identifier: Apache-2.0
"""All database work of a conversation, under one name."""

from worker.callers import remember
from worker.callview import CallView, view
from worker.forgetting import forget, forget_after
from worker.progress import find, set_status, start_inbound
from worker.steps import ConfirmationRecord, TurnRecord, save_step
from worker.texts import queue_text

__all__ = [
    "CallView",
    "ConfirmationRecord",
    "TurnRecord",
    "find",
    "forget",
    "forget_after",
    "queue_text",
    "remember",
    "save_step",
    "set_status",
    "start_inbound",
    "view",
]

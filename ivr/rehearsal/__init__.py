# SPDX-License-Identifier: Apache-2.0
"""Whole calls on one machine: one to show how it goes, or dialogs that are written down."""

from ivr.devphone.transcript import Entry
from ivr.rehearsal.callers import Caller, caller_for
from ivr.rehearsal.dialog import Dialog, DialogError, read_dialog
from ivr.rehearsal.perform import Performance, perform
from ivr.rehearsal.rehearse import Outcome, RehearsalError, rehearse

__all__ = [
    "Caller",
    "Dialog",
    "DialogError",
    "Entry",
    "Outcome",
    "Performance",
    "RehearsalError",
    "caller_for",
    "perform",
    "read_dialog",
    "rehearse",
]

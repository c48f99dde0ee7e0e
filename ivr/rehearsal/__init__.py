# SPDX-License-Identifier: Apache-2.0
"""One whole call on one machine: a photo is texted, the caller rung back, a label stored."""

from ivr.devphone.transcript import Entry
from ivr.rehearsal.callers import Caller, caller_for
from ivr.rehearsal.rehearse import Outcome, RehearsalError, rehearse

__all__ = ["Caller", "Entry", "Outcome", "RehearsalError", "caller_for", "rehearse"]

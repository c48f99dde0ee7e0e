# SPDX-License-Identifier: Apache-2.0
"""Everything on one machine: a private broker, the database, and the Procfile's processes."""

from ivr.stack.plan import Plan, make_plan, with_nobody_chosen
from ivr.stack.processes import StackError
from ivr.stack.stack import Stack, running

__all__ = ["Plan", "Stack", "StackError", "make_plan", "running", "with_nobody_chosen"]

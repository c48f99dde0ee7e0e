# SPDX-License-Identifier: Apache-2.0
"""The operators' pages and figures: `/ops` and `/metrics`. Off unless there is a password.

They only show; what changes anything is a command. They never show a digit or a number.
"""

from ivr.ops.access import check
from ivr.ops.metrics import bp as metrics_bp
from ivr.ops.routes import bp

__all__ = ["bp", "check", "metrics_bp"]

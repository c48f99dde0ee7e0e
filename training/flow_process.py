# SPDX-License-Identifier: Apache-2.0
"""A step of the flow does not outlive the flow."""

from __future__ import annotations

import ctypes
import signal
import sys

_WHEN_PARENT_DIES = 1  # PR_SET_PDEATHSIG of Linux' prctl.h


def end_with_parent() -> None:
    """Have this process killed when the one that started it dies, whatever it dies of.

    Otherwise a step whose flow was killed would go on beside the one that does it again. Does
    nothing outside Linux, where only ending the process group ends the step.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_WHEN_PARENT_DIES, signal.SIGKILL)

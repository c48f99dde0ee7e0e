# SPDX-License-Identifier: Apache-2.0
"""Readings over HTTP, for applications and helpers: `docs/api.md`. Off unless there are keys."""

from ivr.api.routes import bp

__all__ = ["bp"]

# SPDX-License-Identifier: Apache-2.0
"""Refusals of the REST API, in Twilio's shape."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """Answered as JSON with an HTTP status and one of Twilio's error codes."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    def as_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "message": str(self),
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }

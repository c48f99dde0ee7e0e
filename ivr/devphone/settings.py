# SPDX-License-Identifier: Apache-2.0
"""What the dev phone takes from the environment: the same `SONSORI_*` values as the product."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class PhoneSettings(BaseSettings):
    """Both sides of one account: the product's addresses and keys, and the dev phone's port."""

    model_config = SettingsConfigDict(env_prefix="SONSORI_", frozen=True, extra="ignore")

    public_url: str = Field(default="http://127.0.0.1:8000", description="Base URL of the product.")
    twilio_account_sid: str = Field(default="", description="AC… of the account played.")
    twilio_auth_tokens: str = Field(default="", description="The first one signs.")
    twilio_number: str = Field(default="", description="The service's number, E.164.")
    devphone_port: int = Field(default=8001, description="Port of the dev phone on 127.0.0.1.")
    devphone_disorder: bool = Field(
        default=False, description="Deliver status callbacks out of order and twice."
    )

    @property
    def auth_token(self) -> str:
        return self.twilio_auth_tokens.split(",")[0].strip()

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.devphone_port}"

    @property
    def media_host(self) -> str:
        """Where media downloads are redirected: another name for ourselves, as Twilio's CDN is."""
        return f"localhost:{self.devphone_port}"

    @property
    def message_url(self) -> str:
        """What an operator enters as the number's messaging webhook."""
        return f"{self.public_url}/messages"

    @property
    def voice_url(self) -> str:
        """What an operator enters as the number's voice webhook."""
        return f"{self.public_url}/voice/incoming"

    @property
    def status_url(self) -> str:
        """What an operator enters for the status of calls that come in."""
        return f"{self.public_url}/voice/status"

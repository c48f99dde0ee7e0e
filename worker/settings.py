# SPDX-License-Identifier: Apache-2.0
"""Every setting, with its default: the environment (`SONSORI_*`) overrides.

Read once, in the outermost layer; passed on as an argument everywhere else.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What the web process, the workers and the command line need to know.

    `ivr.settings.Settings` adds what only callers and operators touch.
    """

    model_config = SettingsConfigDict(env_prefix="SONSORI_", frozen=True, extra="ignore")

    data_dir: Path = Field(
        default=Path("var"), description="Folder for everything kept by default."
    )
    database_url: str = Field(
        default="", description="SQLAlchemy URL; empty: SQLite in `data_dir`."
    )
    redis_url: str = Field(default="redis://127.0.0.1:6379/0", description="Celery's broker.")
    objects_url: str = Field(default="", description="fsspec URL for photos; empty: in `data_dir`.")
    secret_key: SecretStr = Field(
        default=SecretStr(""),
        description="Fernet key(s), comma-separated, newest first; "
        "empty: one is made in `data_dir/secret.key`.",
    )
    model_dir: Path | None = Field(
        default=None, description="Model bundle to serve instead of the shipped one."
    )

    public_url: str = Field(
        default="http://127.0.0.1:8000", description="Base URL Twilio reaches us by."
    )
    twilio_account_sid: str = Field(default="", description="AC…")
    twilio_auth_tokens: str = Field(
        default="",
        repr=False,
        description="Auth token(s) that sign webhooks, comma-separated: primary, secondary.",
    )
    twilio_api_key: str = Field(
        default="", description="SK… for REST calls; empty: account and token."
    )
    twilio_api_secret: SecretStr = Field(
        default=SecretStr(""), description="Secret of `twilio_api_key`."
    )
    twilio_number: str = Field(default="", description="The service's number, E.164.")
    twilio_api_url: str = Field(
        default="https://api.twilio.com", description="Base URL of the REST API."
    )
    media_hosts: str = Field(
        default="mms.twiliocdn.com,media.twiliocdn.com,s3-external-1.amazonaws.com",
        description="Hosts a media download may be redirected to, comma-separated.",
    )

    photo_max_bytes: int = Field(
        default=16_000_000, description="Larger photos are refused unread."
    )
    photo_max_pixels: int = Field(
        default=50_000_000, description="Larger photos are refused undecoded."
    )
    retention_hours: float = Field(
        default=24, description="Photos and spoken digits are deleted after."
    )
    lease_s: float = Field(
        default=30, description="After this long a claimed photo counts as abandoned."
    )
    rest_timeout_s: float = Field(
        default=10, description="Time-out of one REST call or media download."
    )
    calls_per_day: int = Field(
        default=20, description="Ring-backs to one number in 24 hours (toll fraud)."
    )

    link_minutes: float = Field(
        default=30, description="How long a link to the camera page is good."
    )
    links_per_hour: int = Field(
        default=5, description="Links to the camera page one number gets in an hour."
    )

    models_dir: Path | None = Field(
        default=None,
        description="Folder of promoted bundles, shared by workers; empty: in `data_dir`.",
    )
    tracking_url: str = Field(
        default="", description="MLflow's store, a SQLAlchemy URL; empty: SQLite in `data_dir`."
    )
    artifacts_dir: Path | None = Field(
        default=None, description="Folder of MLflow's artifacts; empty: in `data_dir`."
    )
    registered_model: str = Field(
        default="sonsori", description="The model's name in MLflow; another one for trying out."
    )
    retrain_hours: float = Field(
        default=0, description="A retraining is begun this often; 0: only when asked for."
    )
    retrain_labels: int = Field(
        default=0, description="A retraining is begun after so many new labels; 0: never for that."
    )
    least_new_labels: int = Field(
        default=200, description="A retraining with fewer new labels ends as having nothing new."
    )
    training_threads: int = Field(default=2, description="Processor cores a retraining uses.")
    training_hours: float = Field(
        default=3, description="A retraining is ended after this long, and goes on in a new try."
    )
    training_plan: dict[str, Any] = Field(
        default={},
        description="What a retraining does otherwise than by default, as JSON: `candidates`, "
        "`amounts`, `drawn_only`, `seed` (`training.loop.Plan`).",
    )
    test_share: float = Field(
        default=0.05,
        description="Share of callers who are asked for whole photos to try new models on; "
        "nothing is learnt from these callers' digits.",
    )

    def models(self) -> Path:
        return (self.models_dir or self.data_dir / "models").resolve()

    def tracking(self) -> str:
        return self.tracking_url or f"sqlite:///{self.data_dir.resolve() / 'mlflow.db'}"

    def artifacts(self) -> Path:
        return (self.artifacts_dir or self.data_dir / "mlflow").resolve()

    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'sonsori.db'}"

    def objects(self) -> str:
        return self.objects_url or str(self.data_dir.resolve() / "objects")

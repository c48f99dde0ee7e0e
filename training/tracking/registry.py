# SPDX-License-Identifier: Apache-2.0
"""The registry: every challenger as a numbered version, and which of them serves."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from mlflow import MlflowClient
from mlflow.artifacts import download_artifacts
from mlflow.entities import LoggedModel, LoggedModelOutput
from mlflow.entities.model_registry import ModelVersion

from training.tracking.package import BUNDLE, digests, write_package
from training.tracking.store import Store

MODEL_NAME = "reader"  # of the model among what a run made
MODEL_TYPE = "digit-reader"
RUN = "sonsori.run"  # tag of a logged model: the run that made it
MANY = 10_000
FILES = "sonsori.files"  # tag: sha256 of each file of the bundle
VERSION = "sonsori.bundle"  # tag: the bundle's own version
GATE = "gate."  # before the name of each value of the verdict
LONGEST_TAG = 5000  # characters


class Alias(StrEnum):
    CHAMPION = "champion"  # serves
    CHALLENGER = "challenger"  # the last one registered
    PREVIOUS = "previous"  # served before the champion


class BundleDamaged(ValueError):
    """A registered bundle's files are not those that were registered."""


@dataclass(frozen=True, slots=True)
class Version:
    """A registered model. `bundle` is the bundle's own version, as readings name it; `tags` hold
    the verdict under `gate.`."""

    number: int
    bundle: str
    run: str
    aliases: tuple[str, ...]
    tags: Mapping[str, str]
    at: datetime  # UTC

    @property
    def passed(self) -> bool:
        return self.tags.get(f"{GATE}passed") == "true"


class Registry(Store):
    """One registered model and its versions, which are never changed."""

    def register(self, bundle: Path, run: str, verdict: Mapping[str, Any]) -> int:
        """The number of the run's version, made of `bundle` when there is none yet.

        Every value of `verdict` becomes a tag of the version.
        """
        about = json.loads((bundle / "model.json").read_text("utf-8"))
        tags = {
            FILES: json.dumps(digests(bundle)),
            VERSION: str(about["version"]),
            **verdict_tags(verdict),
        }

        def found_or_made(client: MlflowClient) -> int:
            of_run = client.search_model_versions(f"name = '{self._name}' and run_id = '{run}'")
            return int((of_run or [self._make(client, bundle, run, tags)])[0].version)

        return self._ask(found_or_made)

    def fetch(self, version: int, folder: Path) -> None:
        """Put the bundle of `version` into `folder`, which must not exist, whole or not at all.

        Raises `BundleDamaged`, `FileExistsError`, and `KeyError` for a version there is none of.
        """
        if folder.exists():
            raise FileExistsError(f"{folder} is there already")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".fetching-") as partial:
            fetched = self._ask(lambda client: self._download(client, version, Path(partial)))
            fetched.rename(folder)

    def version(self, number: int) -> Version:
        """Raises `KeyError` when there is none of that number."""
        return _version(self._ask(lambda client: self._get(client, number)), self.aliases())

    def versions(self) -> list[Version]:
        """All versions, the newest first."""
        all_of_it = f"name = '{self._name}'"
        found = self._ask(lambda client: client.search_model_versions(all_of_it))
        aliases = self.aliases()
        return sorted((_version(one, aliases) for one in found), key=lambda one: -one.number)

    def alias(self, version: int, name: str) -> None:
        """Let `name` stand for `version` from now on, and for no other."""
        self._ask(lambda client: client.set_registered_model_alias(self._name, name, str(version)))

    def unalias(self, name: str) -> None:
        """Let `name` stand for no version any more; harmless when it stood for none."""
        self._ask(lambda client: client.delete_registered_model_alias(self._name, name))

    def aliases(self) -> dict[str, int]:
        """Which version each alias stands for."""
        model = self._ask(lambda client: client.get_registered_model(self._name))
        return {name: int(version) for name, version in model.aliases.items()}

    def _get(self, client: MlflowClient, number: int) -> ModelVersion:
        found = client.search_model_versions(f"name = '{self._name}'", max_results=MANY)
        for one in found:
            if int(one.version) == number:
                return one
        raise KeyError(f"the registry has no version {number} of {self._name}")

    def _make(
        self, client: MlflowClient, bundle: Path, run: str, tags: Mapping[str, str]
    ) -> ModelVersion:
        """A model that was logged half is logged again, into the same place."""
        model = self._logged(client, run) or client.create_logged_model(
            self._experiment, MODEL_NAME, run, tags={RUN: run}, model_type=MODEL_TYPE
        )
        with tempfile.TemporaryDirectory() as folder:
            write_package(Path(folder), bundle, model.model_id, run)
            client.log_model_artifacts(model.model_id, folder)
        client.finalize_logged_model(model.model_id, "READY")
        client.log_outputs(run, [LoggedModelOutput(model.model_id, 0)])
        return client.create_model_version(
            self._name, model.artifact_location, run, dict(tags), model_id=model.model_id
        )

    def _logged(self, client: MlflowClient, run: str) -> LoggedModel | None:
        found = client.search_logged_models([self._experiment], f"tags.`{RUN}` = '{run}'")
        return found[0] if found else None

    def _download(self, client: MlflowClient, number: int, to: Path) -> Path:
        version = self._get(client, number)
        source = f"{str(version.source).rstrip('/')}/{BUNDLE}"
        fetched = Path(download_artifacts(artifact_uri=source, dst_path=str(to)))
        promised = json.loads(version.tags[FILES])
        found = digests(fetched)
        if found != promised:
            wrong = sorted(name for name, _ in found.items() ^ promised.items())
            raise BundleDamaged(f"version {number} has damaged files: {', '.join(set(wrong))}")
        return fetched


def verdict_tags(verdict: Mapping[str, Any]) -> dict[str, str]:
    """The values of a verdict as tags, `gate.counts.p` for example: texts as they are, all else
    as JSON. What is too long for a tag is in the report alone."""
    flat: dict[str, object] = {}
    for name, value in verdict.items():
        inner = value if isinstance(value, Mapping) else {"": value}
        flat |= {f"{GATE}{name}.{key}".rstrip("."): one for key, one in inner.items()}
    texts = {name: _text(value) for name, value in flat.items()}
    return {name: text for name, text in texts.items() if len(text) <= LONGEST_TAG}


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)


def _version(found: ModelVersion, aliases: Mapping[str, int]) -> Version:
    number = int(found.version)
    return Version(
        number,
        found.tags.get(VERSION, ""),
        found.run_id or "",
        tuple(sorted(name for name, version in aliases.items() if version == number)),
        dict(found.tags),
        datetime.fromtimestamp(found.creation_timestamp / 1000, UTC),
    )

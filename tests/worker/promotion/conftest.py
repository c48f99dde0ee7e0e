# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path

import pytest
from bundle_makers import other_bundle
from registry_on_disk import RegistryOnDisk

import vision
from worker import Settings
from worker.promotion import ModelStore


@pytest.fixture(scope="session")
def shipped() -> str:
    """The version of the bundle that ships."""
    return vision.load_model().version


@pytest.fixture(scope="session")
def better(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle that is not the shipped one, and reads as well."""
    return other_bundle(tmp_path_factory.mktemp("bundles") / "better", 1)


@pytest.fixture(scope="session")
def best(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A third one."""
    return other_bundle(tmp_path_factory.mktemp("bundles") / "best", 2)


@pytest.fixture
def models(settings: Settings) -> ModelStore:
    return ModelStore(settings.models())


@pytest.fixture
def registry(tmp_path: Path) -> RegistryOnDisk:
    return RegistryOnDisk(tmp_path / "registry")

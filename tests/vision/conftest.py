# SPDX-License-Identifier: Apache-2.0
"""The shipped model, loaded once."""

from __future__ import annotations

import pytest

from vision import Model, load_model


@pytest.fixture(scope="session")
def model() -> Model:
    return load_model()

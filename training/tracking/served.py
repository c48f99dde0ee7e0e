# SPDX-License-Identifier: Apache-2.0
"""A registered model as MLflow serves it: photos in, what they say out.

MLflow calls `_load_pyfunc`, by the name in the model's `MLmodel` file. Sonsori must be installed
where it is served: `mlflow models serve --env-manager local`.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vision import Model, Reading, load_model, read


class Reader:
    """Reads photos with one bundle."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def predict(
        self, photos: Mapping[str, Sequence[bytes | str]], params: Mapping[str, Any] | None = None
    ) -> list[dict[str, object]]:
        """A row for each photo in the column `image`: bytes of a picture, or the same in base64."""
        return [_row(read(_bytes(photo), self._model)) for photo in photos["image"]]


def _load_pyfunc(path: str) -> Reader:
    """The name is MLflow's. Raises what `vision.load_model` raises."""
    return Reader(load_model(Path(path)))


def _bytes(photo: bytes | str) -> bytes:
    return base64.b64decode(photo) if isinstance(photo, str) else photo


def _row(reading: Reading) -> dict[str, object]:
    return {
        "text": reading.text,
        "sure": reading.sure,
        "confidence": reading.confidence,
        "problems": " ".join(reading.problems),
        "model": reading.model,
    }

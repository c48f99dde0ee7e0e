# SPDX-License-Identifier: Apache-2.0
"""What the bundles that may serve say of themselves."""

from __future__ import annotations

from typing import Any

from training.bins import EDGES
from vision import SHIPPED
from worker.promotion import ModelStore, Unusable
from worker.promotion.checks import card_of
from worker.settings import Settings


def fitted_confidences(settings: Settings, model: str) -> tuple[int, ...] | None:
    """The histogram of the readings that this model's confidence was fitted on, in the bins of
    `training.bins`; None when its bundle is gone, or was fitted before that was kept."""
    card = _card(settings, model)
    found = card.get("confidence", {}).get("fit", {}).get("histogram", ())
    return tuple(map(int, found)) if len(found) == len(EDGES) + 1 else None


def _card(settings: Settings, model: str) -> dict[str, Any]:
    for folder in (settings.model_dir, ModelStore(settings.models()).bundle(model), SHIPPED):
        try:
            card = {} if folder is None else card_of(folder)
        except (OSError, Unusable):
            continue
        if card.get("version") == model:
            return card
    return {}

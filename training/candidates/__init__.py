# SPDX-License-Identifier: Apache-2.0
"""Bundles that may become the next model, and how the best of them is chosen. Needs torch."""

from training.candidates.training import train
from training.candidates.validation import Validation, validate

__all__ = ["Validation", "train", "validate"]

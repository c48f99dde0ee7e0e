# SPDX-License-Identifier: Apache-2.0
"""Candidates for the next model: bundles trained from the one that serves, or from nothing."""

from training.candidates.recipes import RECIPES
from training.candidates.train import train
from training.candidates.validate import Validation, validate

__all__ = ["RECIPES", "Validation", "train", "validate"]

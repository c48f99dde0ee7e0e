# SPDX-License-Identifier: Apache-2.0
"""Data in, a better model bundle out: sources, photo synthesis, the CNN, calibration, scoring.

Importing the package needs no torch; only `training.cnn`, `training.fit` and what uses them do.
"""

# SPDX-License-Identifier: Apache-2.0
"""What is raised for data that cannot be used."""

from __future__ import annotations


class BadData(Exception):
    """A data file is missing, damaged or not what it should be. Says what to do."""

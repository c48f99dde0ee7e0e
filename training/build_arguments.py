# SPDX-License-Identifier: Apache-2.0
"""What every command that builds a network from rendered pages can be told."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Protocol

from training.fit import Recipe


class Build(Protocol):
    """What is built by default, and where."""

    @property
    def data(self) -> Path: ...
    @property
    def out(self) -> Path: ...
    @property
    def pages(self) -> int: ...
    @property
    def recipe(self) -> Recipe: ...


def parser_of(about: str | None, usual: Build) -> argparse.ArgumentParser:
    """Takes `--data`, `--out`, `--pages`, `--epochs`, `--seed` and `--threads`."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--data", type=Path, default=usual.data, help="folder of the data")
    parser.add_argument("--out", type=Path, default=usual.out, help="bundle to write")
    parser.add_argument("--pages", type=int, default=usual.pages)
    parser.add_argument("--epochs", type=int, default=usual.recipe.epochs)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    return parser


def add_teaching_on(parser: argparse.ArgumentParser, rate: float) -> None:
    """Adds `--rate`, and what a network not built anew goes on from: `--start`, `--keep`."""
    parser.add_argument("--rate", type=float, default=rate)
    parser.add_argument("--start", type=Path, help="bundle whose network is taught further")
    parser.add_argument("--keep", type=float, default=0.0, help="share of its weights kept")

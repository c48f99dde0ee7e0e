# SPDX-License-Identifier: Apache-2.0
"""The model of an operator's fixed folder: loaded once, replaced when another is put there.

Without such a folder what was promoted serves: `worker.promotion.serving`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import structlog

from vision import Model, load_model

Load = Callable[[Path | None], Model]
Mark = tuple[Path, int]  # where `model_dir` leads, and when its bundle was written (ns)

log = structlog.get_logger(__name__)


class Models:
    """`current()` is the bundle in `folder`, or the shipped one; a broken new one changes nothing.

    Not for several threads: a worker process reads one photo at a time.
    """

    def __init__(self, folder: Path | None, *, load: Load = load_model) -> None:
        self._folder = folder
        self._load = load
        self._mark: Mark | None = None
        self._model: Model | None = None

    def current(self) -> Model:
        mark = self._look()
        if self._model is None or mark != self._mark:
            self._mark = mark  # also when it does not load: a broken bundle is tried once
            self._model = self._replacement()
        return self._model

    def close(self) -> None:
        """Nothing is held open."""

    def _look(self) -> Mark | None:
        if self._folder is None:
            return None
        try:
            return self._folder.resolve(), (self._folder / "model.json").stat().st_mtime_ns
        except OSError:
            return None

    def _replacement(self) -> Model:
        try:
            model = self._load(self._folder)
        except Exception as error:  # whatever is wrong with it, callers are still served
            if self._folder is None:
                raise
            log.error("model_not_loaded", folder=str(self._folder), error=repr(error))
            return self._model or self._load(None)
        log.info("model_loaded", version=model.version)
        return model

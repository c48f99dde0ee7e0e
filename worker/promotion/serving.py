# SPDX-License-Identifier: Apache-2.0
"""The promoted bundle, as a worker serves it: changed over between two photos.

A thread of the worker's looks at the pointer each second, loads a new bundle beside the old one
and tries it; the photo that is being read meanwhile shares the processor, and no caller waits for
the change. A worker without photos changes over all the same, so that a roll-back is done within
seconds everywhere. A reading takes `current()` once: no two models have a part in it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import structlog

from vision import Model, load_model
from worker.promotion.bundles import ModelStore
from worker.promotion.checks import Hashes, Unusable, checked
from worker.promotion.pointer import Served

LOOK_EVERY_S = 1.0
Check = Callable[[Path, Hashes], Model]
Mark = tuple[int, int]  # inode and time (ns) of the pointer: it is replaced, never written to

log = structlog.get_logger(__name__)


class Serving:
    """Opened by a worker process after its fork; `close` ends its thread."""

    def __init__(
        self, models: ModelStore, *, check: Check = checked, every_s: float = LOOK_EVERY_S
    ) -> None:
        self._models = models
        self._check = check
        self._every_s = every_s
        self._mark: Mark | None = None
        self._model: Model | None = None
        self._closing = threading.Event()
        self._watch = threading.Thread(target=self._look_on, name="model-watch", daemon=True)

    def open(self) -> Serving:
        """Load what serves, then watch for changes."""
        self.look()
        self._watch.start()
        return self

    def close(self) -> None:
        self._closing.set()
        if self._watch.is_alive():
            self._watch.join()

    def current(self) -> Model:
        """The model for the next photo. Never waits once the first is loaded."""
        if self._model is None:
            self._model = load_model()
            log.info("model_loaded", version=self._model.version, shipped=True)
        return self._model

    def look(self) -> None:
        """Change over when the pointer was moved. What is refused is refused once."""
        mark = self._seen()
        if mark is None or mark == self._mark:
            return  # a model store that is out of reach changes nothing
        self._mark = mark
        served: Served | None = None
        try:
            served = self._models.current()
            if served is not None:
                self._take(served)
        except Exception as error:  # whatever is wrong with it, callers are still served
            self._refuse(served, error)

    def _look_on(self) -> None:
        while not self._closing.wait(self._every_s):
            self.look()

    def _seen(self) -> Mark | None:
        try:
            found = self._models.pointer.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    def _take(self, served: Served) -> None:
        self._model = self._check(self._models.bundle(served.bundle), served.files)
        log.info("model_loaded", version=served.bundle, shipped=False)

    def _refuse(self, served: Served | None, error: Exception) -> None:
        reason = str(error) if isinstance(error, Unusable) else repr(error)
        kept = self.current().version
        log.error("model_refused", bundle=served and served.bundle, reason=reason, kept=kept)
        if served is not None:
            self._models.refuse(served.bundle, reason)

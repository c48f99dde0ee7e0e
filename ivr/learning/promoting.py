# SPDX-License-Identifier: Apache-2.0
"""What the gate let through is put in service, as `sonsori promote` does it."""

from __future__ import annotations

from contextlib import suppress

from ivr.learning.phases import Found
from ivr.learning.service import Service
from training.loop import Ending
from worker.promotion import AlreadyServed, ModelStore, opener, promote


class NothingTrained(Exception):
    """The retraining made no model, for the reason that it gave."""


def put_in_service(rung: Service, retrained: Found) -> Found:
    """Promote the version of a retraining. What was refused is not: then `bundle` is the
    challenger's all the same, so that it can be told how it reads.

    Raises `NothingTrained`, and what `worker.promotion.promote` raises.
    """
    if not retrained["challenger"]:
        raise NothingTrained(" ".join(retrained["reasons"]))
    if retrained["state"] != Ending.PASSED:
        return {"promoted": False, "bundle": retrained["challenger"]}
    settings = rung.stack.settings
    version = str(retrained["version"])
    with suppress(AlreadyServed):  # by this bench, before it was broken off
        promote(rung.store, opener(settings), version, "bench learning", "it passed the gate")
    models = ModelStore(settings.models())
    served = models.current()
    assert served is not None, "a promotion leaves a pointer"
    return {"promoted": True, "version": version, "bundle": str(models.bundle(served.bundle))}

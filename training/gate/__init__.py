# SPDX-License-Identifier: Apache-2.0
"""Whether a new model may take the place of the one that serves: both read the same frozen photos.

    frozen = FrozenSet.ensure(plan, takeout, progress)
    verdict = judge(champion, challenger, frozen, processes=2, progress=progress)
    write_report(verdict, folder)

No torch is needed. `smoke_photos` and `inspect` are for who puts a bundle in service.
"""

from training.frozen import FrozenPhoto, FrozenSetError
from training.gate.frozen import FrozenSet
from training.gate.inspection import Inspection, inspect
from training.gate.judge import judge
from training.gate.limits import Limits
from training.gate.readings import OtherPreprocessing, preprocessing
from training.gate.report import write_report
from training.gate.smoke import smoke_photos
from training.gate.verdict import Check, Verdict

__all__ = [
    "Check",
    "FrozenPhoto",
    "FrozenSet",
    "FrozenSetError",
    "Inspection",
    "Limits",
    "OtherPreprocessing",
    "Verdict",
    "inspect",
    "judge",
    "preprocessing",
    "smoke_photos",
    "write_report",
]

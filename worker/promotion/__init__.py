# SPDX-License-Identifier: Apache-2.0
"""Which model serves: the model store, promotion, roll-back, and a challenger that reads along.

The pointer in the model store is the truth; database and registry follow it. Public: `promote`,
`roll_back`, `history`, `shadow`, and what they raise.
"""

from sqlalchemy.exc import OperationalError

from worker.promotion import history, shadow
from worker.promotion.bundles import Busy, ModelStore
from worker.promotion.checks import Unusable
from worker.promotion.pointer import Served
from worker.promotion.promoting import AlreadyServed, NotPassed, Step, promote
from worker.promotion.registry import Unreachable, opener
from worker.promotion.rolling_back import NowhereToGo, roll_back

# What a command tells an operator in a line: the last two are a database away and a full disk.
REFUSALS = (
    AlreadyServed,
    Busy,
    NotPassed,
    NowhereToGo,
    Unreachable,
    Unusable,
    OperationalError,
    OSError,
)

__all__ = [
    "REFUSALS",
    "AlreadyServed",
    "Busy",
    "ModelStore",
    "NotPassed",
    "NowhereToGo",
    "Served",
    "Step",
    "Unreachable",
    "Unusable",
    "history",
    "opener",
    "promote",
    "roll_back",
    "shadow",
]

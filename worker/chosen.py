# SPDX-License-Identifier: Apache-2.0
"""Which callers new models are tried on: drawn before they ever called, by nothing but chance.

Were photos chosen for how they were read, every challenger would be flattered. Were these callers'
digits learnt from as well, a model could know its examination.
"""

from __future__ import annotations

from worker.records import Caller
from worker.store import Store

_DRAWN_FROM = 1 << 32


def is_chosen(store: Store, caller: Caller) -> bool:
    """Whether new models are tried on this caller's photos, and nothing is learnt from them.

    Drawn by the keyed hash of the number, so it stays as it is and is stored nowhere. Who was
    asked stays on the side they were asked for, also after `test_share` was changed.
    """
    if caller.test_consent is not None:
        return True
    drawn = int(caller.number_hash[:8], 16) / _DRAWN_FROM
    return caller.consent is None and drawn < store.settings.test_share

# SPDX-License-Identifier: Apache-2.0
"""The registry's aliases follow what serves; nothing depends on them.

They are moved at each promotion and roll-back, and mended by the next one, or by `sonsori models`,
when the registry was away.
"""

from __future__ import annotations

from collections.abc import Sequence

from worker.promotion.history import before, version_of_bundle
from worker.promotion.registry import Registry
from worker.training_records import Promotion

CHAMPION, PREVIOUS, CHALLENGER = "champion", "previous", "challenger"


def mend(registry: Registry, promotions: Sequence[Promotion]) -> bool:
    """Let `champion` and `previous` say what serves and what served before it. True: they did not.

    What has no number in the registry, as the shipped bundle, has no alias.
    """
    found, mended = registry.aliases(), False
    for name, version in wanted(promotions).items():
        if found.get(name) == version:
            continue
        mended = True
        if version is None:
            registry.unalias(name)
        else:
            registry.alias(version, name)
    return mended


def wanted(promotions: Sequence[Promotion]) -> dict[str, int | None]:
    """The version each alias should stand for; nothing before the first promotion."""
    if not promotions:
        return {}
    earlier = before(promotions)
    return {
        CHAMPION: version_of_bundle(promotions, promotions[-1].bundle),
        PREVIOUS: version_of_bundle(promotions, earlier[0]) if earlier else None,
    }

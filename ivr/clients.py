# SPDX-License-Identifier: Apache-2.0
"""Which applications may ask for readings, and by what key they are known."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from typing import Self

SHORTEST_KEY = 20  # characters; `openssl rand -hex 20` gives 40
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")


@dataclass(frozen=True, slots=True, repr=False)
class Clients:
    """(name, key) pairs; one name may have several keys, so that a key can be changed in time."""

    keys: tuple[tuple[str, bytes], ...]

    @classmethod
    def of(cls, written: str) -> Self:
        """From `name:key,name:key`. Raises ValueError, which shows no key, for anything else."""
        pairs = [entry.strip().partition(":") for entry in written.split(",") if entry.strip()]
        for place, (name, _, key) in enumerate(pairs, 1):
            if not _NAME.fullmatch(name) or len(key) < SHORTEST_KEY:
                raise ValueError(
                    f"entry {place} of SONSORI_API_KEYS is not a name of small letters, a colon "
                    f"and a key of {SHORTEST_KEY} characters or more"
                )
        return cls(tuple((name, key.encode()) for name, _, key in pairs))

    def named(self, given: str) -> str | None:
        """The application whose key this is. Takes as long for a wrong key as for a right one."""
        offered = given.encode()
        found = [name for name, key in self.keys if hmac.compare_digest(key, offered)]
        return found[0] if found else None

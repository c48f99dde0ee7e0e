# SPDX-License-Identifier: Apache-2.0
"""The folder of photos that new models are tried on, as far as workers need to know it.

It needs nothing but the standard library: who deletes a caller's data has no training extras.
`training.gate.FrozenSet` is the set itself.
"""

from training.frozen.manifest import (
    Condition,
    FrozenPhoto,
    FrozenSetError,
    Kind,
    Manifest,
    digest_of,
    name_of,
    sha256_of,
)
from training.frozen.withdrawal import sweep, withdraw

__all__ = [
    "Condition",
    "FrozenPhoto",
    "FrozenSetError",
    "Kind",
    "Manifest",
    "digest_of",
    "name_of",
    "sha256_of",
    "sweep",
    "withdraw",
]

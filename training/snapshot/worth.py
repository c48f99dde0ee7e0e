# SPDX-License-Identifier: Apache-2.0
"""What a label is worth: how much a crop counts in training, by how its digit was told."""

from __future__ import annotations

from types import MappingProxyType

DENIED = "denied"  # the label says what the digit is not: a complementary label
# Keyed digits are hardly ever misheard. A "yes" of someone who knows the number may still be
# acquiescence; a "yes" of someone who does not know it says little more than the reader did.
WORTH = MappingProxyType(
    {"keyed": 1.0, "spoken": 0.9, "confirmed": 0.7, "unverified": 0.2, DENIED: 0.1}
)


def worth_of(label: str) -> float:
    """Between 0 and 1. A kind of label that nobody has heard of teaches nothing."""
    return WORTH.get(label, 0.0)

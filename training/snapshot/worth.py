# SPDX-License-Identifier: Apache-2.0
"""What a label is worth, by how it was given: the weight of its crop in the loss, 0 to 1.

A number that was keyed is what the caller knows. A spoken one may have been misheard. A "yes" is
easily said: blind people notice about half of a recogniser's errors, and people agree. Who cannot
check says next to nothing. A "no" tells what a digit is not (a complementary label, Ishida et al.
2017), which rules out one of ten.
"""

from __future__ import annotations

DENIED = "denied"
WORTH = {"keyed": 1.0, "spoken": 0.9, "confirmed": 0.6, "unverified": 0.1, DENIED: 0.1}


def worth_of(label: str) -> float:
    """Raises `ValueError` for a kind of label that nobody knows."""
    if label not in WORTH:
        raise ValueError(f"no label is called {label!r}; there are {', '.join(WORTH)}")
    return WORTH[label]

# SPDX-License-Identifier: Apache-2.0
"""Which digit of a reading stands for which digit of the truth."""

from __future__ import annotations

Pair = tuple[str | None, str | None]


def align(truth: str, text: str) -> list[Pair]:
    """(true, read) digit by digit, in order, with the fewest edits (Levenshtein).

    None in the first place is a digit that is not there, in the second one that was missed.
    """
    costs = _costs(truth, text)
    i, j = len(truth), len(text)
    pairs: list[Pair] = []
    while i or j:
        if i and j and costs[i][j] == costs[i - 1][j - 1] + (truth[i - 1] != text[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((truth[i], text[j]))
        elif i and costs[i][j] == costs[i - 1][j] + 1:
            i -= 1
            pairs.append((truth[i], None))
        else:
            j -= 1
            pairs.append((None, text[j]))
    return pairs[::-1]


def distance(one: str, other: str) -> int:
    """Levenshtein distance."""
    return _costs(one, other)[-1][-1]


def _costs(one: str, other: str) -> list[list[int]]:
    """Edits from the first i characters of `one` to the first j of `other`, for all i and j."""
    costs = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        above, row = costs[-1], [i]
        for j, b in enumerate(other, 1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b)))
        costs.append(row)
    return costs

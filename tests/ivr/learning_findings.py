# SPDX-License-Identifier: Apache-2.0
"""Findings of a small bench of learning that went well."""

from __future__ import annotations

from ivr.learning.phases import Found


def rows(exact: str, sure: str = "") -> list[Found]:
    """A photo a character: `x` read exact; with `sure`, of which the reader was."""
    surely = sure or "." * len(exact)
    pairs = enumerate(zip(exact, surely, strict=True))
    return [
        {
            "file": f"{index}.jpg",
            "group": "new",
            "exact": is_exact == "x",
            "sure": is_sure == "x",
            "silent": is_sure == "x" and is_exact != "x",
        }
        for index, (is_exact, is_sure) in pairs
    ]


def findings() -> dict[str, Found]:
    return {
        "render": {"seconds": 1.0, "callers": 4, "unseen": 4, "old": 4},
        "before": {
            "seconds": 2.0,
            "sets": {"unseen": rows("x...", ".x.."), "old": rows("xxx."), "photos": rows("xx")},
        },
        "calls": {
            "seconds": 30.0,
            "calls": 4,
            "callers": {"knows": 3, "mistaken": 1},
            "ended": {"completed": 4},
            "left_at": {},
            "labels": {"confirmed": 1, "keyed": 3},
            "wrong_labels": {"keyed": 1},
            "samples": {"confirmed": 6, "keyed": 18},
            "test_photos": 1,
        },
        "retrain": {
            "seconds": 700.0,
            "state": "passed",
            "reasons": ["12 won, 2 lost."],
            "labels": 24,
            "candidates": ["tuned", "bold", "scratch"],
            "curves": {"loss": {"tuned": [[1, 0.5], [2, 0.25]], "bold": [[1, 0.6], [2, 0.3]]}},
        },
        "promote": {"seconds": 3.0, "promoted": True},
        "after": {
            "seconds": 2.0,
            "sets": {"unseen": rows("xxx.", "xx.."), "old": rows("xxx."), "photos": rows("xx")},
        },
        "again": {"seconds": 9.0, "state": "nothing_new", "reasons": ["The same data."]},
        "random": {"seconds": 300.0, "state": "refused", "reasons": ["1 won, 90 lost."]},
    }

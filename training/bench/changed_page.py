# SPDX-License-Identifier: Apache-2.0
"""The section of `docs/benchmarks.md` about photos taken otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from training.bench.changed import Borne

TITLE = "The same photographs, taken otherwise"
COLUMNS = ("change", "photos", "exact", "sure", "silent")
GROUPS = " --groups {}"

_TEXT = f"""\
## {TITLE}

`sonsori bench changed DIR{{groups}}`

Who cannot see the paper cannot level the phone or judge the light. Each photo is changed as
`training/bench/changes.py` says, or its digits, as they were read, get boxes around them
(`training/bench/boxed.py`); that leaves them legible, but for some in the glare. It is compressed
as a JPEG of quality 85, also where nothing else is changed, and read. Photos with digits; *sure*
and *silent* as above.

{{table}}
"""


def section(borne: Sequence[Borne], groups: Sequence[str]) -> str:
    """The whole section, in Markdown; `groups` are those that were read, none for all."""
    rows = [(one.change, *map(str, one.digits)) for one in borne]
    cells = [COLUMNS, ("---",) * len(COLUMNS), *rows]
    table = "\n".join(f"| {' | '.join(row)} |" for row in cells)
    return _TEXT.format(groups=GROUPS.format(",".join(groups)) if groups else "", table=table)

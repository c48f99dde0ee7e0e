# SPDX-License-Identifier: Apache-2.0
"""One reader over one folder, in this process: `python -m training.bench.solo READER DIR`.

READER is "module:function". Each photo's outcome is a line of JSON on standard output.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from pkgutil import resolve_name

from training.scoring import measure, read_labels


def main() -> None:
    reader, folder = sys.argv[1:]
    for outcome in measure(read_labels(Path(folder)), resolve_name(reader)()):
        print(json.dumps(asdict(outcome)), flush=True)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""How hard the machine works: one look, taken at the end of an epoch."""

from __future__ import annotations

from pathlib import Path

import psutil


def look(folder: Path) -> dict[str, float]:
    """Under the names MLflow shows as system metrics; `disk_free` is of the disk with `folder`.
    The processor's share is that since the last look, of all cores; 0 for the first."""
    memory = psutil.virtual_memory()
    return {
        "system/cpu_utilization_percentage": psutil.cpu_percent(interval=None),
        "system/system_memory_usage_percentage": memory.percent,
        "system/process_memory_megabytes": psutil.Process().memory_info().rss / 1e6,
        "system/disk_free_megabytes": psutil.disk_usage(str(folder)).free / 1e6,
    }

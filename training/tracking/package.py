# SPDX-License-Identifier: Apache-2.0
"""A bundle as MLflow keeps models: a folder that `mlflow models serve` can serve.

MLflow's own writer needs pandas, which nothing else here does; the folder's form is documented
(https://mlflow.org/docs/latest/ml/model), so it is written here. `MLmodel` is YAML, of which JSON
is a part.
"""

from __future__ import annotations

import base64
import hashlib
import json
import platform
import shutil
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import mlflow

from training.tracking.example import example_photo

BUNDLE = "bundle"  # the folder in it that is ours
LOADER = "training.tracking.served"
EXAMPLE = "input_example.json"
SERVING_EXAMPLE = "serving_input_example.json"
NEEDED = ("numpy", "onnxruntime", "opencv-python-headless", "pillow", "pillow-heif")
INPUTS = [{"name": "image", "type": "binary", "required": True}]
OUTPUTS = [
    {"name": "text", "type": "string", "required": True},
    {"name": "sure", "type": "boolean", "required": True},
    {"name": "confidence", "type": "double", "required": True},
    {"name": "problems", "type": "string", "required": True},
    {"name": "model", "type": "string", "required": True},
]


def write_package(folder: Path, bundle: Path, model_id: str, run: str) -> None:
    """Fill `folder`: the bundle, how to load it, what goes in and out, and an example."""
    shutil.copytree(bundle, folder / BUNDLE)
    example = {"columns": ["image"], "data": [[base64.b64encode(example_photo()).decode()]]}
    (folder / EXAMPLE).write_text(json.dumps(example))
    (folder / SERVING_EXAMPLE).write_text(json.dumps({"dataframe_split": example}))
    needed = "\n".join(f"{name}=={version(name)}" for name in NEEDED)
    (folder / "requirements.txt").write_text(f"{needed}\n")
    (folder / "MLmodel").write_text(json.dumps(_about(model_id, run), indent=2))


def digests(bundle: Path) -> dict[str, str]:
    """SHA-256 of each file of a bundle, by its name."""
    files = sorted(path for path in bundle.rglob("*") if path.is_file())
    return {str(path.relative_to(bundle)): _sha256(path) for path in files}


def _about(model_id: str, run: str) -> dict[str, Any]:
    return {
        "flavors": {
            "python_function": {
                "loader_module": LOADER,
                "data": BUNDLE,
                "python_version": platform.python_version(),
            }
        },
        "mlflow_version": mlflow.__version__,
        "model_id": model_id,
        "model_uuid": model_id,
        "run_id": run,
        "utc_time_created": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),
        "signature": {"inputs": json.dumps(INPUTS), "outputs": json.dumps(OUTPUTS), "params": None},
        "saved_input_example_info": {
            "artifact_path": EXAMPLE,
            "serving_input_path": SERVING_EXAMPLE,
            "type": "dataframe",
            "pandas_orient": "split",
        },
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

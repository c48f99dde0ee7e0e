# SPDX-License-Identifier: Apache-2.0
"""Every challenger becomes a version; what serves is one of them."""

from __future__ import annotations

import base64
import json
import shutil
from pathlib import Path

import pandas
import pytest
from mlflow import MlflowClient

from training.tracking import Alias, BundleDamaged, Memory
from training.tracking.example import TEXT, example_photo
from training.tracking.package import digests
from vision import SHIPPED, load_model, read

VERDICT = {
    "passed": True,
    "reasons": ["9 won, 1 lost"],
    "counts": {"wins": 9, "losses": 1, "p": 0.0107},
    "notes": "größer",
}


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "bundle"))


@pytest.fixture
def registered(memory: Memory, bundle: Path) -> int:
    return memory.register(bundle, memory.begin("key", "retraining 1"), VERDICT)


def test_a_version_carries_the_verdict(memory: Memory, registered: int) -> None:
    version = memory.version(registered)
    assert version.bundle == load_model(SHIPPED).version
    assert version.passed
    assert version.tags["gate.counts.p"] == "0.0107"
    assert json.loads(version.tags["gate.reasons"]) == ["9 won, 1 lost"]
    assert version.tags["gate.notes"] == "größer"


def test_what_is_too_long_for_a_tag_is_left_to_the_report(memory: Memory, bundle: Path) -> None:
    run = memory.begin("key", "retraining 1")
    version = memory.version(memory.register(bundle, run, {**VERDICT, "slices": ["x"] * 9000}))
    assert "gate.slices" not in version.tags
    assert version.passed


def test_registering_again_after_a_kill_makes_no_second_version(
    memory: Memory, bundle: Path, registered: int
) -> None:
    again = memory.register(bundle, memory.begin("key", "retraining 1"), VERDICT)
    assert again == registered
    assert len(memory.versions()) == 1


def test_a_model_that_was_logged_half_is_logged_whole(
    memory: Memory, bundle: Path, database: Path, tmp_path: Path
) -> None:
    run = memory.begin("key", "retraining 1")
    client = MlflowClient(f"sqlite:///{database}", f"sqlite:///{database}")
    experiment = client.get_run(run).info.experiment_id
    client.create_logged_model(experiment, "reader", run, tags={"sonsori.run": run})
    memory.fetch(memory.register(bundle, run, VERDICT), tmp_path / "fetched")
    (model,) = client.search_logged_models([experiment])
    assert model.status == "READY"
    assert digests(tmp_path / "fetched") == digests(bundle)


def test_an_alias_stands_for_one_version(memory: Memory, bundle: Path, registered: int) -> None:
    second = memory.register(bundle, memory.begin("other", "retraining 2"), VERDICT)
    memory.alias(registered, Alias.CHALLENGER)
    memory.alias(registered, Alias.CHAMPION)
    memory.alias(second, Alias.CHALLENGER)
    assert memory.aliases() == {"champion": registered, "challenger": second}
    told = [(one.number, one.aliases) for one in memory.versions()]
    assert told == [(second, ("challenger",)), (registered, ("champion",))]


def test_a_fetched_bundle_is_the_registered_one(
    memory: Memory, registered: int, tmp_path: Path
) -> None:
    memory.fetch(registered, tmp_path / "store" / "fetched")
    assert digests(tmp_path / "store" / "fetched") == digests(SHIPPED)
    assert [path.name for path in (tmp_path / "store").iterdir()] == ["fetched"]


@pytest.mark.parametrize("damage", ["changed", "missing", "more"])
def test_a_bundle_that_was_tampered_with_is_not_fetched(
    memory: Memory, registered: int, tmp_path: Path, damage: str
) -> None:
    (kept,) = (tmp_path / "memory" / "artifacts").rglob("bundle/lines.onnx")
    match damage:
        case "changed":
            kept.write_bytes(kept.read_bytes()[:-1] + b"!")
        case "missing":
            kept.unlink()
        case "more":
            (kept.parent / "extra.onnx").write_bytes(b"!")
    with pytest.raises(BundleDamaged, match=r"lines\.onnx|extra\.onnx"):
        memory.fetch(registered, tmp_path / "store" / "fetched")
    assert list((tmp_path / "store").iterdir()) == []


def test_a_folder_that_is_there_is_not_overwritten(
    memory: Memory, registered: int, tmp_path: Path
) -> None:
    with pytest.raises(FileExistsError):
        memory.fetch(registered, tmp_path)


def test_a_version_there_is_none_of_is_said_plainly(memory: Memory, tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="no version 7"):
        memory.fetch(7, tmp_path / "fetched")


def test_the_example_is_a_photo_that_can_be_read() -> None:
    assert read(example_photo(), load_model()).text == TEXT


@pytest.mark.filterwarnings("ignore:.*Any type hint is inferred")  # of MLflow, about itself
def test_mlflow_serves_a_registered_model(memory: Memory, registered: int, tmp_path: Path) -> None:
    (described,) = (tmp_path / "memory" / "artifacts").rglob("MLmodel")
    example = json.loads((described.parent / "serving_input_example.json").read_text())
    columns = example["dataframe_split"]
    photo = base64.b64decode(columns["data"][0][0])
    import mlflow.pyfunc

    model = mlflow.pyfunc.load_model(str(described.parent))
    (row,) = model.predict(pandas.DataFrame({"image": [photo]}))
    assert (row["text"], row["model"]) == (TEXT, load_model().version)
    assert [column.name for column in model.metadata.get_input_schema()] == columns["columns"]
    assert {column.name for column in model.metadata.get_output_schema()} == row.keys()

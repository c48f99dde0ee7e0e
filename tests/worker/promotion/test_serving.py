# SPDX-License-Identifier: Apache-2.0
"""A worker changes over to what is promoted, and keeps what works."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from bundle_makers import blind_bundle, cut_short

from vision import Model, load_model
from worker import Settings
from worker.promotion import ModelStore, Served
from worker.promotion.checks import Hashes, checked, hashes_of
from worker.promotion.pointer import Kind
from worker.promotion.serving import Serving
from worker.records import utcnow
from worker.workplace import open_workplace

PATIENCE_S = 60.0
MOMENT_S = 0.01


def point(models: ModelStore, bundle: str, files: dict[str, str]) -> None:
    models.point(Served(bundle, files, Kind.PROMOTE, "before", "kim", "", utcnow()))


@pytest.fixture
def put(models: ModelStore) -> Callable[[Path], str]:
    """Publish a bundle, whatever it is worth, and point at it."""

    def publish(folder: Path) -> str:
        with models.lock():
            bundle = models.publish(folder)
            point(models, bundle, hashes_of(folder))
        return bundle

    return publish


@pytest.fixture
def serving(models: ModelStore) -> Iterator[Serving]:
    with closing(Serving(models)) as opened:
        yield opened


def test_the_shipped_model_serves_before_any_promotion(serving: Serving, shipped: str) -> None:
    serving.look()
    assert serving.current().version == shipped


def test_what_was_promoted_serves_after_a_restart(
    serving: Serving, put: Callable[[Path], str], better: Path
) -> None:
    bundle = put(better)
    assert serving.open().current().version == bundle


def test_a_worker_without_photos_changes_over_by_itself(
    models: ModelStore, put: Callable[[Path], str], better: Path
) -> None:
    changed = threading.Event()

    def check(folder: Path, files: Hashes) -> Model:
        changed.set()
        return load_model(folder)

    with closing(Serving(models, check=check, every_s=MOMENT_S).open()) as serving:
        bundle = put(better)
        assert changed.wait(PATIENCE_S)
    assert serving.current().version == bundle, "closing waits for the change that is going on"


def test_no_photo_waits_while_a_bundle_is_tried(
    models: ModelStore, put: Callable[[Path], str], better: Path, shipped: str
) -> None:
    trying, go_on = threading.Event(), threading.Event()

    def check(folder: Path, files: Hashes) -> Model:
        trying.set()
        assert go_on.wait(PATIENCE_S)
        return load_model(folder)

    with closing(Serving(models, check=check, every_s=MOMENT_S).open()) as serving:
        serving.current()
        bundle = put(better)
        assert trying.wait(PATIENCE_S)
        assert serving.current().version == shipped
        go_on.set()
    assert serving.current().version == bundle


def test_a_bundle_that_is_not_what_was_published_is_refused_once(
    models: ModelStore, put: Callable[[Path], str], better: Path, shipped: str
) -> None:
    tried: list[Path] = []

    def check(folder: Path, files: Hashes) -> Model:
        tried.append(folder)
        return checked(folder, files)

    bundle = put(better)
    cut_short(models.bundle(bundle) / "lines.onnx")
    serving = Serving(models, check=check)
    for _ in range(3):
        serving.look()
    assert serving.current().version == shipped
    assert tried == [models.bundle(bundle)]
    assert "lines.onnx is not the file that was published" in models.refusals()[bundle]


def test_a_bundle_that_fails_the_smoke_photos_leaves_the_old_one(
    models: ModelStore, serving: Serving, put: Callable[[Path], str], better: Path, tmp_path: Path
) -> None:
    good = put(better)
    serving.look()
    blind = put(blind_bundle(tmp_path / "blind"))
    serving.look()
    assert serving.current().version == good
    assert "smoke photo" in models.refusals()[blind]


def test_a_missing_bundle_leaves_the_old_one(
    models: ModelStore, serving: Serving, put: Callable[[Path], str], better: Path
) -> None:
    good = put(better)
    serving.look()
    point(models, "0123456789ab", {})
    serving.look()
    assert serving.current().version == good
    assert "there is no bundle" in models.refusals()["0123456789ab"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"bundle": "x"}', '{"at": 3}'])
def test_a_pointer_that_says_nothing_leaves_the_old_one(
    models: ModelStore, serving: Serving, put: Callable[[Path], str], better: Path, text: str
) -> None:
    good = put(better)
    serving.look()
    models.pointer.unlink()
    models.pointer.write_text(text)
    serving.look()
    assert serving.current().version == good


def test_a_model_store_out_of_reach_leaves_the_old_one(
    models: ModelStore, serving: Serving, put: Callable[[Path], str], better: Path
) -> None:
    good = put(better)
    serving.look()
    models.folder.rename(models.folder.with_name("away"))
    serving.look()
    assert serving.current().version == good


def test_an_operators_fixed_folder_wins(
    settings: Settings, put: Callable[[Path], str], better: Path, best: Path
) -> None:
    put(better)
    fixed = settings.model_copy(update={"model_dir": best})
    with closing(open_workplace(fixed, None)) as place:  # type: ignore[arg-type]
        assert place.models.current().version == load_model(best).version

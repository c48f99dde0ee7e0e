# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import vision
from vision.classify import SHIPPED
from worker.models import Models


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A copy of the shipped bundle that can be promoted, broken and replaced."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "bundle"))


class CountingLoader:
    def __init__(self) -> None:
        self.asked: list[Path | None] = []

    def __call__(self, folder: Path | None) -> vision.Model:
        self.asked.append(folder)
        return vision.load_model(folder)


def touch(folder: Path, seconds: int) -> None:
    os.utime(folder / "model.json", (seconds, seconds))


def test_the_shipped_model_is_served_without_any_setting() -> None:
    assert Models(None).current().version


def test_a_model_is_loaded_once(bundle: Path) -> None:
    load = CountingLoader()
    models = Models(bundle, load=load)
    assert models.current() is models.current()
    assert load.asked == [bundle]


def test_a_new_model_is_picked_up_without_a_restart(bundle: Path) -> None:
    models = Models(bundle)
    before = models.current()
    about = (bundle / "model.json").read_text().replace(before.version, "next")
    (bundle / "model.json").write_text(about)
    touch(bundle, 1)
    assert models.current().version == "next"


def test_a_promotion_by_link_is_picked_up(bundle: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(bundle, tmp_path / "other"))
    link = tmp_path / "champion"
    link.symlink_to(bundle)
    load = CountingLoader()
    models = Models(link, load=load)
    models.current()
    link.unlink()
    link.symlink_to(other)
    models.current()
    assert len(load.asked) == 2


def test_a_broken_model_leaves_the_old_one_in_service(bundle: Path) -> None:
    load = CountingLoader()
    models = Models(bundle, load=load)
    before = models.current()
    (bundle / "model.json").write_text("{")
    touch(bundle, 1)
    assert models.current() is before
    assert models.current() is before
    assert len(load.asked) == 2, "a broken bundle is tried once"


def test_a_folder_that_is_broken_from_the_start_is_replaced_by_the_shipped_model(
    tmp_path: Path,
) -> None:
    assert Models(tmp_path / "nothing").current().version == vision.load_model().version


def test_a_repaired_model_is_taken_up(bundle: Path) -> None:
    whole = (bundle / "model.json").read_text()
    (bundle / "model.json").write_text("{")
    load = CountingLoader()
    models = Models(bundle, load=load)
    models.current()
    (bundle / "model.json").write_text(whole)
    touch(bundle, 1)
    models.current()
    assert load.asked[-1] == bundle

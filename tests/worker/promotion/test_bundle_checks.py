# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from bundle_makers import blind_bundle, cut_short, other_bundle, with_card, with_true_version

from vision import SHIPPED
from worker.promotion.checks import Unusable, checked, hashes_of
from worker.promotion.smoke import photos


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "bundle"))


def test_the_shipped_bundle_may_serve(shipped: str) -> None:
    assert checked(SHIPPED, hashes_of(SHIPPED)).version == shipped


def test_a_bundle_with_other_networks_may_serve(better: Path, shipped: str) -> None:
    assert checked(better).version != shipped


def test_a_missing_bundle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="there is no bundle at"):
        checked(tmp_path / "nothing")


@pytest.mark.parametrize("name", ["model.json", "digits.onnx"])
def test_a_bundle_without_a_file_is_refused(bundle: Path, name: str) -> None:
    (bundle / name).unlink()
    with pytest.raises(Unusable, match=f"has no {name}"):
        checked(bundle)


def test_a_file_that_was_published_must_be_there(bundle: Path) -> None:
    expected = hashes_of(bundle)
    (bundle / "finder.onnx").unlink()
    with pytest.raises(Unusable, match=r"finder\.onnx is missing"):
        checked(bundle, expected)


def test_a_file_that_is_not_the_published_one_is_refused(bundle: Path) -> None:
    expected = hashes_of(bundle)
    cut_short(bundle / "lines.onnx")
    with pytest.raises(Unusable, match=r"lines\.onnx is not the file that was published"):
        checked(bundle, expected)


def test_networks_cut_short_before_anybody_hashed_them_are_refused(bundle: Path) -> None:
    cut_short(bundle / "finder.onnx")
    with pytest.raises(Unusable, match="put together from two bundles"):
        checked(bundle)


def test_a_card_cut_short_is_refused(bundle: Path) -> None:
    cut_short(bundle / "model.json")
    with pytest.raises(Unusable, match="is no JSON: it was cut short"):
        checked(bundle)


def test_a_bundle_of_an_older_format_is_refused(bundle: Path) -> None:
    def without_confidence(card: dict[str, Any]) -> None:
        del card["confidence"]

    with pytest.raises(Unusable, match="an older format"):
        checked(with_card(bundle, without_confidence))


def test_a_bundle_for_another_preprocessing_is_refused(bundle: Path) -> None:
    def larger(card: dict[str, Any]) -> None:
        card["input_size"] = 32

    with pytest.raises(Unusable, match="another preprocessing: glyphs of 32 px"):
        checked(with_card(bundle, larger))


def test_a_bundle_that_loads_and_reads_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="smoke photo"):
        checked(blind_bundle(tmp_path / "blind"))


def test_a_network_that_is_none_is_refused(tmp_path: Path) -> None:
    bundle = other_bundle(tmp_path / "bundle", 3)
    (bundle / "digits.onnx").write_bytes(b"no network")
    with pytest.raises(Unusable, match="does not load"):
        checked(with_true_version(bundle))


def test_the_smoke_photos_hold_every_digit_and_one_holds_none() -> None:
    texts = [text for text, _ in photos()]
    assert set("".join(texts)) == set("0123456789")
    assert texts.count("") == 1


def test_checking_a_bundle_needs_nothing_of_training() -> None:
    """Workers check bundles, and are installed without the extras."""
    program = (
        "import sys, worker.workplace, worker.promotion.smoke as smoke; smoke.photos();"
        "print([n for n in ('torch', 'mlflow', 'metaflow', 'fontTools') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr

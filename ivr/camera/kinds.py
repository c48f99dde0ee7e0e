# SPDX-License-Identifier: Apache-2.0
"""Does a file look like a photo? By its first bytes: what a browser calls it proves nothing.

Nothing is decoded here: the worker does that, under limits. This only spares the caller a wait
for what can never be read.
"""

from __future__ import annotations

BEGINNINGS = (
    b"\xff\xd8\xff",  # JPEG
    b"\x89PNG\r\n\x1a\n",
    b"GIF8",
    b"BM",
    b"II*\x00",  # TIFF, little-endian
    b"MM\x00*",
)
# ISO/IEC 23008-12 and AVIF 1.0: the brands of still pictures.
BRANDS = frozenset([b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif"])


def is_photo(data: bytes) -> bool:
    """Whether `data` begins like a picture of a kind telephones make."""
    if data.startswith(BEGINNINGS):
        return True
    if data[4:8] == b"ftyp":
        return data[8:12] in BRANDS
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"

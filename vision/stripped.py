# SPDX-License-Identifier: Apache-2.0
"""What of a picture file is handed to a decoder: the picture, and none of what is told about it.

Metadata is where a small file grows: comments in endless pieces, millions of chunks or strips. So
JPEG, PNG and GIF lose theirs before they are parsed, and a TIFF of far too many values is refused.
Only the camera's orientation is read, here.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import unpack_from

MOST_PARTS = 20_000  # segments, chunks or blocks before the picture: a camera writes dozens
MOST_VALUES = 65_536  # of one TIFF tag: more strips than rows would be strange
ORIENTATION = 0x0112
POINTERS = (0x8769, 0x8825, 0xA005)  # tags that lead to further directories: EXIF, GPS, interop
SHORT = 3  # the TIFF type of 16 bits
DATA_TYPES = (1, 2, 6, 7)  # bytes and text: tables and profiles are long, and cheap to hold

JPEG_SCAN, JPEG_END, JPEG_EXIF = 0xDA, 0xD9, 0xE1
JPEG_TOLD = {*range(0xE1, 0xEE), 0xEF, 0xFE}  # APP1 to APP13, APP15, comments
PNG_PICTURE = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
GIF_EXTENSION, GIF_CONTROL = 0x21, 0xF9


class Hostile(ValueError):
    """A file built to cost its reader more than a picture would."""


def jpeg(data: bytes) -> tuple[bytes, int]:
    """A JPEG without what is told about it, and its EXIF orientation (1 without one)."""
    kept, orientation, at = [data[:2]], 1, 2
    for marker, start, stop in _segments(data):
        if marker == JPEG_EXIF and data[start + 4 : start + 10] == b"Exif\0\0":
            orientation = orientation_of(data[start + 10 : stop])
        if marker not in JPEG_TOLD:
            kept.append(data[start:stop])
        at = stop
    return b"".join((*kept, data[at:])), orientation


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, first byte and end of each segment of a JPEG before its first scan."""
    at = 2
    for _ in range(MOST_PARTS):
        while data[at : at + 2] == b"\xff\xff":  # fill bytes
            at += 1
        if at + 4 > len(data) or data[at] != 0xFF or data[at + 1] in (JPEG_SCAN, JPEG_END):
            return
        stop = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        yield data[at + 1], at, stop
        at = stop
    raise Hostile("more segments than any camera writes")


def png(data: bytes) -> tuple[bytes, int]:
    """A PNG without what is told about it, and its EXIF orientation (1 without one)."""
    kept, orientation, at = [data[:8]], 1, 8
    for _ in range(MOST_PARTS):
        if at + 8 > len(data):
            return b"".join(kept), orientation
        length, kind = unpack_from(">I4s", data, at)
        stop = at + 12 + length
        if kind in PNG_PICTURE:
            kept.append(data[at:stop])
        elif kind == b"eXIf":
            orientation = orientation_of(data[at + 8 : stop - 4])
        at = stop
    raise Hostile("more chunks than any program writes")


def gif(data: bytes) -> bytes:
    """A GIF without the comments before its first picture."""
    at = 13 + (3 << (1 + (data[10] & 7)) if data[10] & 0x80 else 0)
    kept = [data[:at]]
    for _ in range(MOST_PARTS):
        if data[at] != GIF_EXTENSION:
            return b"".join((*kept, data[at:]))
        stop = at + 2
        while data[stop]:
            stop += 1 + data[stop]
        if data[at + 1] == GIF_CONTROL:
            kept.append(data[at : stop + 1])
        at = stop + 1
    raise Hostile("more extensions than any program writes")


def tiff(data: bytes) -> bytes:
    """A TIFF as it is, when none of its tags has more values than a picture needs.

    That its values do not overlap is looked after by Pillow.
    """
    for _, kind, count, _ in _entries(data):
        if count > MOST_VALUES and kind not in DATA_TYPES:
            raise Hostile("more values than a picture needs")
    return data


def orientation_of(exif: bytes) -> int:
    """How the camera was held, 1 to 8, as EXIF numbers it; 1 when it does not tell."""
    try:
        for tag, _, count, value in _entries(exif):
            if tag == ORIENTATION and count == 1 and 1 <= value <= 8:
                return value
    except (ValueError, IndexError):
        pass
    return 1


def _entries(data: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Tag, type, count and value (or where the value lies) of the first directory and its own.

    Raises ValueError when `data` is no TIFF of the usual kind.
    """
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(bytes(data[:4]))
    if order is None or len(data) < 8:
        raise ValueError("no TIFF")
    waiting = [unpack_from(order + "I", data, 4)[0]]
    for _ in range(1 + len(POINTERS)):
        if not waiting:
            return
        at = waiting.pop(0)
        count = unpack_from(order + "H", data, at)[0] if at + 2 <= len(data) else 0
        for place in range(at + 2, min(at + 2 + 12 * count, len(data) - 11), 12):
            entry = _entry(data, place, order)
            if entry[0] in POINTERS:
                waiting.append(entry[3])
            yield entry


def _entry(data: bytes, at: int, order: str) -> tuple[int, int, int, int]:
    tag, kind, count, value = unpack_from(order + "HHII", data, at)
    if kind == SHORT and count == 1:
        value = unpack_from(order + "H", data, at + 8)[0]
    return tag, kind, count, value

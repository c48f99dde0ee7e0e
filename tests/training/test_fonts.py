# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from training.bad_data import BadData
from training.fonts import Fonts, find_fonts, unpack
from training.synthesis.characters import FontWriter, make_sources
from training.synthesis.text import draw_items, write_word


def make_font(path: Path, characters: str = "0123456789abc") -> Path:
    """A font whose every character is a hollow box, wider for later ones."""
    names = {ord(c): f"c{ord(c)}" for c in characters}
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap(names)
    glyphs = {".notdef": _box(700, 900)}
    glyphs |= {name: _box(300 + 20 * i, 700) for i, name in enumerate(names.values())}
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (800, 50)))
    builder.setupHorizontalHeader(ascent=900, descent=-200)
    builder.setupNameTable({"familyName": "Boxes", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)
    return path


def _box(width: int, height: int) -> object:
    pen = TTGlyphPen(None)
    outer = [(50, 0), (50, height), (50 + width, height), (50 + width, 0)]
    inner = [(130, 80), (width - 30, 80), (width - 30, height - 80), (130, height - 80)]
    for contour in (outer, inner):
        pen.moveTo(contour[0])
        for point in contour[1:]:
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()


def pack(folder: Path, licence: str, font: Path) -> Path:
    """An npm package as the font packagers lay it out, with plain woff files."""
    web = TTFont(font)
    web.flavor = "woff"
    coded = io.BytesIO()
    web.save(coded)
    archive = folder / "gaegu.tgz"
    files = {
        "package/package.json": json.dumps({"license": licence}).encode(),
        "package/files/gaegu-latin-400-normal.woff": coded.getvalue(),
        "package/files/gaegu-latin-400-italic.woff": coded.getvalue(),
        "package/files/gaegu-cyrillic-400-normal.woff": coded.getvalue(),
    }
    with tarfile.open(archive, "w:gz") as packed:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            packed.addfile(member, io.BytesIO(content))
    return archive


def test_a_font_package_becomes_ttf_files(tmp_path: Path) -> None:
    archive = pack(tmp_path, "OFL-1.1", make_font(tmp_path / "source.ttf"))
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    assert [path.name for path in unpack(archive, fonts)] == ["gaegu-latin-400.ttf"]
    assert [path.name for path in find_fonts(fonts).hands] == ["gaegu-latin-400.ttf"]
    assert not archive.exists()


def test_a_font_of_another_licence_is_refused(tmp_path: Path) -> None:
    archive = pack(tmp_path, "UNLICENSED", make_font(tmp_path / "source.ttf"))
    with pytest.raises(BadData, match="UNLICENSED"):
        unpack(archive, tmp_path)


def test_an_empty_folder_says_what_fetches_fonts(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"training\.build"):
        find_fonts(tmp_path)


def test_a_font_draws_the_size_it_is_asked_for(tmp_path: Path) -> None:
    writer = FontWriter(make_font(tmp_path / "boxes.ttf"), unsteady=0.0)
    drawn = writer.draw("0", 30.0, np.random.default_rng(0))
    rows = np.flatnonzero(drawn.ink.max(axis=1) > 0.5)
    assert abs(len(rows) - 30) <= 2
    assert abs(drawn.top + rows[0]) <= 2


def test_a_font_knows_only_its_own_characters(tmp_path: Path) -> None:
    writer = FontWriter(make_font(tmp_path / "boxes.ttf"))
    assert writer.knows("7") and not writer.knows("가")
    with pytest.raises(ValueError, match="가"):
        writer.draw("가", 20.0, np.random.default_rng(0))


def test_words_are_written_in_print_or_by_hand(tmp_path: Path) -> None:
    path = make_font(tmp_path / "boxes.ttf")
    sources = make_sources(fonts=Fonts((path,), (path,), (path,)))
    random = np.random.default_rng(1)
    words = [write_word(sources, random) for _ in range(20)]
    assert all(words) and not any(c.isdigit() for word in words for c, _ in word)
    kinds = {"".join(c for c, _ in draw_items(sources, random)) for _ in range(30)}
    assert any(any(c.isalpha() for c in text) for text in kinds)
    assert any(text.isdigit() for text in kinds)

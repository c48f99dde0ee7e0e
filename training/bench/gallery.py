# SPDX-License-Identifier: Apache-2.0
"""A page of the photos that were misread: small pictures, what is written, what was read.

It holds the photos themselves, so it stays with whoever may see them.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from io import BytesIO
from pathlib import Path

from PIL import Image

from training.bench.readers import upright
from training.scoring import Outcome

THUMBNAIL_PX = 320
QUALITY = 75

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Misread photos</title>
<style>
body {{ font: 16px/1.4 system-ui, sans-serif; margin: 1.5rem; }}
main {{ display: flex; flex-wrap: wrap; gap: 1rem; }}
figure {{ margin: 0; width: {width}px; border: 1px solid #999; padding: .5rem; }}
figure.silent {{ border: 4px solid #b00020; }}
img {{ max-width: 100%; }}
dt {{ float: left; width: 6rem; }}
dd {{ margin: 0 0 0 6rem; overflow-wrap: anywhere; }}
</style>
<h1>Misread photos</h1>
<p>{count} of {photos}. Those spoken plainly and wrong come first, in a thick red frame.</p>
<main>
{figures}
</main>
</html>
"""

FIGURE = """<figure{kind}>
<img src="{source}" alt="Photo {name}">
<dl><dt>written</dt><dd>{label}</dd><dt>read</dt><dd>{text}</dd>
<dt>confidence</dt><dd>{confidence:.3f}{silent}</dd><dt>photo</dt><dd>{name}, {group}</dd></dl>
</figure>"""


def write_gallery(outcomes: Sequence[Outcome], out: Path) -> None:
    """One self-contained HTML file, silent errors first."""
    wrong = sorted((o for o in outcomes if not o.exact), key=lambda o: not o.silent_error)
    figures = "\n".join(map(_figure, wrong))
    page = PAGE.format(width=THUMBNAIL_PX, count=len(wrong), photos=len(outcomes), figures=figures)
    out.write_text(page, "utf-8")


def _figure(outcome: Outcome) -> str:
    return FIGURE.format(
        kind=' class="silent"' if outcome.silent_error else "",
        source=thumbnail(Path(outcome.file)),
        name=escape(Path(outcome.file).name),
        label=escape(outcome.label) or "(no digits)",
        text=escape(outcome.text) or f"(nothing: {escape(', '.join(outcome.problems))})",
        confidence=outcome.confidence,
        silent=", spoken plainly" if outcome.silent_error else "",
        group=escape(outcome.group),
    )


def thumbnail(photo: Path) -> str:
    """The photo, upright and small, as a data address; nothing for what is no picture."""
    pixels = upright(photo.read_bytes())
    if pixels is None:
        return "data:,"
    image, file = Image.fromarray(pixels), BytesIO()
    image.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX))
    image.save(file, "JPEG", quality=QUALITY)
    return "data:image/jpeg;base64," + b64encode(file.getvalue()).decode("ascii")

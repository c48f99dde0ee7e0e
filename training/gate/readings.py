# SPDX-License-Identifier: Apache-2.0
"""What a bundle makes of the frozen photos, each read once and kept.

Kept beside the photos, under a hash of the bundle's files and one of the source of `vision`: the
champion is not read again next time, and nothing read by other code is ever compared. A run that
was broken off goes on.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import vision
from training.frozen import FrozenPhoto
from training.gate.frozen import FrozenSet
from training.pool import mapped
from training.progress import ProgressBar
from training.scoring import Answer, Outcome, answer_of


class OtherPreprocessing(RuntimeError):
    """The source of `vision` changed while photos were read with it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was kept of one photo: the answer, and how many milliseconds it took."""

    answer: Answer
    ms: float


@dataclass(frozen=True, slots=True)
class Pair:
    """A photo as both models read it."""

    photo: FrozenPhoto
    champion: Outcome
    challenger: Outcome

    @property
    def won(self) -> bool:
        """Right now, wrong before."""
        return self.challenger.exact and not self.champion.exact

    @property
    def lost(self) -> bool:
        """Wrong now, right before."""
        return self.champion.exact and not self.challenger.exact


def pairs_of(
    champion: Path, challenger: Path, frozen: FrozenSet, processes: int, progress: ProgressBar
) -> list[Pair]:
    """All photos of `frozen`, read by both bundles. Raises `OtherPreprocessing`."""
    before = outcomes_of(champion, frozen, processes, progress, "champion reads")
    after = outcomes_of(challenger, frozen, processes, progress, "challenger reads")
    return [Pair(*read) for read in zip(frozen.photos, before, after, strict=True)]


def outcomes_of(
    bundle: Path, frozen: FrozenSet, processes: int, progress: ProgressBar, name: str = "reads"
) -> list[Outcome]:
    """What `bundle` reads on each photo of `frozen`, in their order."""
    here = preprocessing()
    kept = _kept(frozen, digest_of(bundle), here)
    read = _read_back(kept)
    missing = [photo for photo in frozen.photos if photo.sha256 not in read]
    progress.begin(name, len(frozen.photos))
    progress.advance(len(frozen.photos) - len(missing))
    if missing:
        read |= _read_now(bundle, frozen, missing, kept, here, processes, progress)
    return [_outcome(frozen, photo, read[photo.sha256]) for photo in frozen.photos]


def kept_pairs(champion: str, challenger: str, here: str, frozen: FrozenSet) -> list[Pair]:
    """What was kept of two bundles, by their digests and that of `vision` then."""
    before, after = (_read_back(_kept(frozen, one, here)) for one in (champion, challenger))
    both = [p for p in frozen.photos if p.sha256 in before and p.sha256 in after]
    return [
        Pair(p, _outcome(frozen, p, before[p.sha256]), _outcome(frozen, p, after[p.sha256]))
        for p in both
    ]


def digest_of(bundle: Path) -> str:
    """SHA-256 of the names and bytes of a bundle's files: its version does not tell of thresholds
    that were set anew."""
    files = [*sorted(bundle.glob("*.onnx")), bundle / "model.json"]
    return _hash_of([path for path in files if path.exists()])


@cache
def preprocessing() -> str:
    """SHA-256 of the source of `vision`, all that happens between a photo and what is spoken."""
    return _hash_of(sorted(Path(vision.__file__).parent.glob("*.py")))


def prune(frozen: FrozenSet, bundles: Sequence[Path]) -> None:
    """Deletes what other bundles, or other code, once made of the photos."""
    wanted = [_kept(frozen, digest_of(bundle), preprocessing()) for bundle in bundles]
    for path in frozen.readings.glob("*.jsonl"):
        if path not in wanted:
            path.unlink()


def _kept(frozen: FrozenSet, digest: str, here: str) -> Path:
    return frozen.readings / f"{digest[:16]}-{here[:16]}.jsonl"


def _read_now(
    bundle: Path,
    frozen: FrozenSet,
    missing: Sequence[FrozenPhoto],
    kept: Path,
    here: str,
    processes: int,
    progress: ProgressBar,
) -> dict[str, Reading]:
    kept.parent.mkdir(parents=True, exist_ok=True)
    found = {}
    paths = [frozen.path(photo) for photo in missing]
    with kept.open("a", encoding="utf-8") as file, mapped(processes) as several:
        read = several(partial(_read, bundle, digest_of(bundle), here), paths)
        for photo, reading in zip(missing, read, strict=True):
            found[photo.sha256] = reading
            file.write(json.dumps({"photo": photo.sha256, **asdict(reading)}) + "\n")
            file.flush()
            progress.advance()
    return found


def _read(bundle: Path, digest: str, here: str, photo: Path) -> Reading:
    if preprocessing() != here:
        raise OtherPreprocessing("the code that reads photos was changed: start the gate again")
    data, started = photo.read_bytes(), time.perf_counter()
    answer = answer_of(vision.read(data, _model(bundle, digest)))
    return Reading(answer, (time.perf_counter() - started) * 1000)


@cache
def _model(bundle: Path, digest: str) -> vision.Model:
    """The bundle as it is now: in a process that goes on, it may be another one later."""
    return vision.load_model(bundle)


def _read_back(kept: Path) -> dict[str, Reading]:
    """What was read before; a last line that was broken off is dropped from the file too."""
    if not kept.exists():
        return {}
    text = kept.read_text("utf-8")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        kept.write_text(whole, "utf-8")
    rows = map(json.loads, whole.splitlines())
    return {row["photo"]: Reading(_answer(row["answer"]), row["ms"]) for row in rows}


def _answer(values: dict[str, Any]) -> Answer:
    lists = {name: tuple(values[name]) for name in ("problems", "digit_p")}
    return Answer(**{**values, **lists})


def _outcome(frozen: FrozenSet, photo: FrozenPhoto, read: Reading) -> Outcome:
    return Outcome(
        file=str(frozen.path(photo)),
        group=photo.kind,
        label=photo.text,
        ms=read.ms,
        **asdict(read.answer),
    )


def _hash_of(paths: Sequence[Path]) -> str:
    state = hashlib.sha256()
    for path in paths:
        data = path.read_bytes()
        state.update(f"{path.name} {len(data)}\n".encode() + data)
    return state.hexdigest()

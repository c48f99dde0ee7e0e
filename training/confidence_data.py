# SPDX-License-Identifier: Apache-2.0
"""What confidence is fitted on: how photos with known truth were read, and by which signs.

Rendering and reading thousands of photos takes long, so each is done once for a state of the
networks, of `vision` and of the synthesis, and kept; a run that was broken off goes on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from pathlib import Path

import training.synthesis
import vision
from training.alignment import align
from training.data import Folders, sources_of
from training.pool import mapped
from training.progress import ProgressBar
from training.scoring import Labelled, only_digits
from training.synthesis.characters import Sources
from training.synthetic_set import draw_photo
from vision.classify import NOT_A_DIGIT
from vision.findings import Findings
from vision.quality import is_told, is_writing, judge
from vision.reader import examine
from vision.signs import signs_of
from vision.trust import Trust, Writing

FIRST_SEED = 800_000_000  # a hundred million seeds before those of the benchmark's photos
# Calibrates nothing, takes everything for writing, and is sure wherever nothing forbids it.
AS_READ = Trust(sure_from=0.0, writing=Writing(0.0, {}, 0.0))


@dataclass(frozen=True, slots=True)
class Example:
    """A photo as it was read. `mixed` are the readers' probabilities [11] of each digit before
    calibration, `digits` what the digit is in truth (10: none). `allowed` tells that nothing
    forbids this reading to be sure. A photo in which nothing was found has no signs; whether what
    was found is told, `told_by` says; `by_rules` is what `vision.quality.is_writing` says of it."""

    name: str
    group: str
    label: str
    text: str
    allowed: bool
    signs: dict[str, float]
    mixed: list[list[float]]
    digits: list[int]
    by_rules: bool = True

    @property
    def right(self) -> bool:
        return only_digits(self.text) == only_digits(self.label)

    @property
    def empty(self) -> bool:
        """Whether there is no digit in the photo."""
        return not only_digits(self.label)

    def told_by(self, trust: Trust) -> Example:
        """This example as `trust` has it told: without a reading, when it takes it for none."""
        if not self.signs or is_told(self.signs, trust, by_rules=self.by_rules):
            return self
        return replace(self, text="", allowed=False, signs={}, mixed=[], digits=[])


def example_of(photo: bytes, truth: Labelled, model: vision.Model) -> Example:
    """How `model` reads `photo`."""
    name, label = truth.path.name, truth.label
    found = examine(photo, replace(model, trust=AS_READ))
    verdict = judge(found, AS_READ) if isinstance(found, Findings) else None
    if not isinstance(found, Findings) or verdict is None or not verdict.readable:
        return Example(name, truth.group, label, "", False, {}, [], [])
    text = "|".join(line.text for line in found.lines)
    pairs = align(only_digits(label), only_digits(text))
    choices = [choice for line in found.agreed for choice in line.choices]
    return Example(
        name=name,
        group=truth.group,
        label=label,
        text=text,
        allowed=verdict.sure,
        signs={sign: round(value, 5) for sign, value in signs_of(found).items()},
        mixed=[[round(float(p), 6) for p in choice.probabilities] for choice in choices],
        digits=[int(true) if true else NOT_A_DIGIT for true, read in pairs if read is not None],
        by_rules=is_writing(found.tried),
    )


def synthetic_examples(
    bundle: Path, data: Path, count: int, processes: int, progress: ProgressBar
) -> list[Example]:
    """The first `count` synthetic photos from `FIRST_SEED` on, rendered and read.

    Their MNIST digits are of its test half, which trained nothing.
    """
    here = (Path(vision.__file__).parent, Path(training.synthesis.__file__).parent)
    kept = data / "confidence" / f"{state_of(bundle, here)}.jsonl"
    return each(partial(_rendered, bundle, data), range(count), kept, processes, progress)


def folder_examples(
    bundle: Path, photos: Sequence[Labelled], processes: int, progress: ProgressBar
) -> list[Example]:
    """Labelled photos, read."""
    return each(partial(_opened, bundle, photos), range(len(photos)), None, processes, progress)


def state_of(bundle: Path, packages: Iterable[Path]) -> str:
    """A name for the networks in `bundle` and the source of `packages` as they are now."""
    card = json.loads((bundle / "model.json").read_text("utf-8"))
    files = [*bundle.glob("*.onnx"), *(path for p in packages for path in p.glob("*.py"))]
    state = hashlib.sha256(str(card["calibration"]["temperature"]).encode())
    for path in sorted(files):
        state.update(path.read_bytes())
    return state.hexdigest()[:16]


def each(
    make: Callable[[int], Example],
    wanted: range,
    kept: Path | None,
    processes: int,
    progress: ProgressBar,
) -> list[Example]:
    """`make` of every number in `wanted`, several at a time; `kept` holds those made before."""
    examples = _read_back(kept)
    progress.begin("photos", len(wanted))
    progress.advance(len(examples))
    with mapped(processes) as several:
        for example in several(make, wanted[len(examples) :]):
            examples.append(example)
            if kept is not None:
                _keep(example, kept)
            progress.advance()
    return examples[: len(wanted)]


def _read_back(kept: Path | None) -> list[Example]:
    """What was kept before; a last line that was broken off is dropped from the file too."""
    if kept is None or not kept.exists():
        return []
    text = kept.read_text("utf-8")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        kept.write_text(whole, "utf-8")
    return [Example(**json.loads(line)) for line in whole.splitlines()]


def _keep(example: Example, kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    with kept.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(example)) + "\n")


def _rendered(bundle: Path, data: Path, index: int) -> Example:
    photo, group = draw_photo(_unseen_sources(data), FIRST_SEED, index)
    truth = Labelled(Path(f"{index:05d}.jpg"), group, photo.text)
    return example_of(photo.jpeg(), truth, _model(bundle))


def _opened(bundle: Path, photos: Sequence[Labelled], index: int) -> Example:
    return example_of(photos[index].path.read_bytes(), photos[index], _model(bundle))


@cache
def _model(bundle: Path) -> vision.Model:
    return vision.load_model(bundle)


@cache
def _unseen_sources(data: Path) -> Sources:
    return sources_of(Folders(data), "t10k")

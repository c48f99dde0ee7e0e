# SPDX-License-Identifier: Apache-2.0
"""Champion and challenger over the same photos, and what follows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from training.gate import checks
from training.gate.fitness import fit_to_serve
from training.gate.frozen import FrozenSet
from training.gate.inspection import megabytes_of
from training.gate.latency import Latency, compare_latency
from training.gate.limits import Limits
from training.gate.looks import look
from training.gate.readings import Pair, digest_of, pairs_of, preprocessing, prune
from training.gate.risk import selective
from training.gate.slices import slices_of
from training.gate.verdict import Bundle, Check, Tried, Verdict
from training.progress import NullProgress, ProgressBar

TIMED = 12  # photos, spread over the set


def judge(
    champion: Path,
    challenger: Path,
    frozen: FrozenSet,
    limits: Limits | None = None,
    *,
    processes: int = 1,
    progress: ProgressBar | None = None,
    timed: int = TIMED,
) -> Verdict:
    """Whether the bundle in `challenger` may take the place of the one in `champion`.

    `timed` photos are read over again by both, to compare how long they take.

    Raises `OtherPreprocessing` when the code changes meanwhile, `ValueError` for an empty set, and
    as `vision.load_model` does for a champion that does not load. A challenger that does not is a
    verdict. What was read before is not read again.
    """
    if not frozen.photos:
        raise ValueError(f"{frozen.folder} has no photos to try a model on")
    limits, progress = limits or Limits(), progress or NullProgress()
    verdict = _before_reading(champion, challenger, frozen, limits)
    if any(one.check is Check.LOADS and not one.passed for one in verdict.checks):
        return _noted(verdict, frozen)
    pairs = pairs_of(champion, challenger, frozen, processes, progress)
    prune(frozen, (champion, challenger))
    latency = compare_latency(champion, challenger, _spread(frozen, timed))
    return _noted(_compared(verdict, pairs, latency), frozen)


def _before_reading(champion: Path, challenger: Path, frozen: FrozenSet, limits: Limits) -> Verdict:
    before, after = _bundle(champion), _bundle(challenger)
    fitness = fit_to_serve(before, after, challenger, preprocessing(), limits)
    return Verdict(
        champion=before,
        challenger=after,
        tried=_tried(frozen),
        preprocessing=preprocessing(),
        checks=tuple(fitness),
        limits=limits,
        notes=frozen.refused,
        frozen=frozen.folder,
    )


def _compared(verdict: Verdict, pairs: Sequence[Pair], latency: Latency) -> Verdict:
    """`verdict` with what the readings say. Photos that a caller corrected are in the set because a
    model misread them, which would flatter any other model, so they count only as themselves."""
    chosen_blindly = [pair for pair in pairs if not pair.photo.corrected]
    limits = verdict.limits
    counts, risk = checks.count(chosen_blindly), selective(chosen_blindly)
    of_callers = checks.count([pair for pair in chosen_blindly if not pair.photo.rendered])
    slices = slices_of(chosen_blindly, limits)
    found = (
        checks.is_better(counts, of_callers, limits),
        *checks.no_slice_worse(slices),
        checks.stays_mended([pair for pair in pairs if pair.photo.corrected]),
        checks.no_more_silent(risk, limits),
        checks.silent_where_none(risk),
        checks.covers(risk, limits),
        checks.quick_enough(latency, limits),
    )
    return replace(
        verdict,
        checks=verdict.checks + found,
        counts=counts,
        of_callers=of_callers,
        slices=slices,
        selective=risk,
        latency=latency,
    )


def _noted(verdict: Verdict, frozen: FrozenSet) -> Verdict:
    looks = look(frozen, verdict)
    told = [f"This frozen set has been asked about {looks} challengers so far."]
    if not verdict.tried.callers:
        told.append("No photo of a caller is in it yet: rendered photos alone were read.")
    if frozen.withdrawn:
        told.append(
            f"{len(frozen.withdrawn)} photos have left it, as their callers' data were deleted."
        )
    return replace(verdict, notes=(*verdict.notes, *told))


def _tried(frozen: FrozenSet) -> Tried:
    callers = [photo for photo in frozen.photos if not photo.rendered]
    return Tried(
        digest=frozen.digest,
        rendered=len(frozen.photos) - len(callers),
        callers=len(callers),
        watched=sum(photo.corrected for photo in callers),
        withdrawn=len(frozen.withdrawn),
        refused=len(frozen.refused),
    )


def _spread(frozen: FrozenSet, count: int) -> list[Path]:
    """The files of so many photos, from all over the set."""
    step = max(1, len(frozen.photos) // count)
    return [frozen.path(photo) for photo in frozen.photos[::step][:count]]


def _bundle(folder: Path) -> Bundle:
    return Bundle(_version(folder), digest_of(folder), round(megabytes_of(folder), 3))


def _version(folder: Path) -> str:
    """As its card has it; nothing for a card that cannot be read, which is the gate's to say."""
    try:
        return str(json.loads((folder / "model.json").read_text("utf-8")).get("version", ""))
    except (OSError, ValueError, AttributeError):
        return ""

# SPDX-License-Identifier: Apache-2.0
"""All phases of the bench, in their order."""

from __future__ import annotations

import shutil
from pathlib import Path

import vision
from ivr.learning.bench import Bench
from ivr.learning.calls import forget_calls, ring_all
from ivr.learning.data import as_called, copy_tree
from ivr.learning.phases import Found, Phase
from ivr.learning.promoting import put_in_service
from ivr.learning.reading import read_sets
from ivr.learning.rendered import CALLERS, OLD, UNSEEN, render_sets
from ivr.learning.retraining import retrain
from ivr.learning.service import service
from ivr.learning.shuffle import shuffle_labels
from training.progress import ProgressBar

_ONE = {"candidates": ["tuned"]}  # random labels: the likeliest of all to pass is refused, too


def _before(bench: Bench, found: dict[str, Found], progress: ProgressBar) -> Found:
    return read_sets(bench, vision.SHIPPED, progress)


def _retrain(bench: Bench, found: dict[str, Found], progress: ProgressBar) -> Found:
    with service(bench, bench.service, trains=True) as rung:
        return retrain(rung, progress)


def _promote(bench: Bench, found: dict[str, Found], progress: ProgressBar) -> Found:
    with service(bench, bench.service, trains=True) as rung:
        return put_in_service(rung, found["retrain"])


def _after(bench: Bench, found: dict[str, Found], progress: ProgressBar) -> Found:
    return read_sets(bench, Path(found["promote"]["bundle"]), progress)


def _again(bench: Bench, found: dict[str, Found], progress: ProgressBar) -> Found:
    """The same data once more, though no label is asked to be new."""
    with service(bench, bench.service, trains=True, least_new_labels=0) as rung:
        return retrain(rung, progress)


def _random(bench: Bench, found: dict[str, Found], progress: ProgressBar) -> Found:
    """Against the same champion as the first time, on the same frozen photos."""
    if not bench.shuffled.exists():
        _shuffled_copy(bench)
    with service(bench, bench.shuffled, trains=True, training_plan=_ONE) as rung:
        return retrain(rung, progress)


def _shuffled_copy(bench: Bench) -> None:
    """Made beside it first: a copy that is there is whole."""
    begun = bench.folder / "shuffled.partial"
    copy_tree(bench.called, begun)
    (begun / "mlflow.db").unlink(missing_ok=True)  # its artifacts would go to the other service's
    frozen = Path("training") / "frozen"
    if (bench.service / frozen).exists():
        copy_tree(bench.service / frozen, begun / frozen)
    shuffle_labels(bench, begun)
    begun.rename(bench.shuffled)


def _forget_sets(bench: Bench) -> None:
    for name in (CALLERS, UNSEEN, OLD):
        shutil.rmtree(bench.folder / name, ignore_errors=True)


def _forget_random(bench: Bench) -> None:
    shutil.rmtree(bench.shuffled, ignore_errors=True)


PHASES = (
    Phase("render", render_sets, _forget_sets),
    Phase("before", _before),
    Phase("calls", ring_all, forget_calls),
    Phase("retrain", _retrain, as_called),
    Phase("promote", _promote),
    Phase("after", _after),
    Phase("again", _again),
    Phase("random", _random, _forget_random),
)

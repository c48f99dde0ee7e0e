# SPDX-License-Identifier: Apache-2.0
"""One try of a run: take out, start the flow or resume it, watch it, note what came of it."""

from __future__ import annotations

import errno
import os
import time
from dataclasses import dataclass
from threading import Event

import structlog

from training.loop import Plan, Pulse, Result
from training.progress import ProgressBar
from worker.retraining import reaping, runs, takeout
from worker.retraining.child import Child, without_digits
from worker.retraining.errors import CannotTrain, Interrupted, LeaseLost, Stopping
from worker.retraining.folders import log_path, plan_path
from worker.retraining.heart import Heart
from worker.retraining.launch import Launch, without_secrets
from worker.retraining.memory import Bury, bury_in_mlflow
from worker.retraining.planning import plan_of
from worker.settings import Settings
from worker.store import Store

_TRACE = "Traceback"  # is printed by a step that fails, not by one that is killed (out of memory)

log = structlog.get_logger(__name__)


def silence_limit_s(settings: Settings) -> float:
    """A training whose beat stands still for so long hangs: ten minutes by default."""
    return 20 * settings.lease_s


def retrain(
    store: Store, run_id: int, *, launch: Launch, stopping: Event, bury: Bury = bury_in_mlflow
) -> None:
    """Train a queued run to its end, or as far as it comes; nothing when it is not queued.

    `stopping` is set when this process is about to end.
    """
    claim = runs.claim(store, run_id)
    if claim is None:
        log.info("retraining_not_taken_up", run_id=run_id)
        return
    log.info("retraining_begun", run_id=run_id, resumed=claim.flow_run)
    try:
        result = _Try(store, claim, launch, stopping).result()
    except LeaseLost:
        log.error("retraining_lease_lost", run_id=run_id)
    except Stopping:
        runs.hand_back(store, claim)
    except Interrupted as error:
        log.warning("retraining_interrupted", run_id=run_id, why=str(error))
        runs.cut_short(store, claim, str(error))
        reaping.reap(store, bury=bury)
    except Exception as error:  # also what nobody thought of: the run says why, and no lease stays
        log.exception("retraining_failed", run_id=run_id)
        reason = _reason(error)
        failed = runs.fail if bury(store.settings, run_id, reason) else runs.cut_short
        failed(store, claim, reason)
    else:
        log.info("retraining_ended", run_id=run_id, ending=str(result.ending))
        runs.end(store, claim, result)
        takeout.drop(store, run_id)


def _reason(error: Exception) -> str:
    """What an operator is told; without digits where the words are not ours."""
    if isinstance(error, CannotTrain):
        return str(error)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "The disk is full: make room, then `sonsori resume`."
    return f"{type(error).__name__}: {without_digits(str(error))}"


@dataclass(frozen=True, slots=True)
class _Try:
    store: Store
    claim: runs.Claim
    launch: Launch
    stopping: Event

    def result(self) -> Result:
        """What the flow found. Raises the ways a try can end otherwise (`errors`), OSError."""
        plan = plan_of(self.store.settings, self.claim.run_id)
        heart = Heart(self.store, self.claim, plan)
        if not plan.result.exists():
            takeout.write(self.store, plan.input, self._shown(plan, heart))
            self._run(plan, heart)
        try:
            return Result.load(plan.result)
        except (FileNotFoundError, ValueError, KeyError, TypeError) as error:
            raise CannotTrain("The flow ended in order, and left no result.") from error

    def _shown(self, plan: Plan, heart: Heart) -> ProgressBar:
        return _Keeping(Pulse(plan.beat, "take-out"), heart, self.stopping)

    def _run(self, plan: Plan, heart: Heart) -> None:
        settings, run_id = self.store.settings, self.claim.run_id
        environment = without_secrets(os.environ)
        path = plan_path(settings, run_id)
        args, environment = self.launch(path, self.claim.flow_run, environment)
        child = Child(args, environment, log_path(settings, run_id))
        try:
            status = self._watch(child, heart)
        finally:
            child.end()
        heart.keep(at_once=True)
        if status < 0:
            raise Interrupted(f"The training was killed by signal {-status}.")
        if status > 0 and _TRACE not in child.said():
            raise Interrupted(f"One of its steps was killed.\n{child.last_words()}")
        if status > 0:
            raise CannotTrain(f"The flow failed. The end of its log:\n{child.last_words()}")

    def _watch(self, child: Child, heart: Heart) -> int:
        """The flow's exit status, below 0 for a signal."""
        settings = self.store.settings
        end_at = time.monotonic() + 3600 * settings.training_hours
        while (status := child.poll()) is None:
            heart.keep()
            if time.monotonic() > end_at:
                raise Interrupted(f"It took longer than {settings.training_hours:g} hours.")
            if heart.silent_s > silence_limit_s(settings):
                raise Interrupted(f"It did not move for {silence_limit_s(settings):.0f} seconds.")
            if self.stopping.wait(min(heart.every_s, 0.5)):
                raise Stopping
        return status


@dataclass(frozen=True, slots=True)
class _Keeping:
    """Progress of what we do ourselves: shown like the flow's, and a reason to look around."""

    bar: ProgressBar
    heart: Heart
    stopping: Event

    def begin(self, name: str, total: int) -> None:
        self.bar.begin(name, total)
        self.heart.keep()

    def advance(self, steps: int = 1, note: str = "") -> None:
        """Raises `Stopping`, `LeaseLost`."""
        self.bar.advance(steps, note)
        self.heart.keep()
        if self.stopping.is_set():
            raise Stopping

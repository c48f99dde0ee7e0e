# SPDX-License-Identifier: Apache-2.0
"""The retraining as a Metaflow flow. Each step is one call into `training.steps`.

    start -> snapshot -> candidates -> train (one branch a candidate) -> evaluate
                     \\                                                     |
                      -> end  <-  register  <-  gate  <---------------------

`training.flow_command.command` says how to start it. What a step leaves on `self` are paths,
digests and numbers, to be opened with Metaflow's client.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from metaflow import FlowSpec, Parameter, step

from training import steps
from training.flow_command import Command, command
from training.flow_process import end_with_parent
from training.flow_resume import say_what_is_reused
from training.loop import Plan

__all__ = ["Command", "RetrainFlow", "command"]


class RetrainFlow(FlowSpec):
    """Data in, a challenger out. A flow made of other parts is a subclass with other `_parts`."""

    _parts: ClassVar[steps.Parts] = steps.Parts()
    plan = Parameter("plan", help="The plan's JSON file.", type=str, required=True)

    @step
    def start(self) -> None:
        self.tracking_run = steps.start(self._desk("start"))
        self.next(self.snapshot)

    @step
    def snapshot(self) -> None:
        self.data = steps.snapshot(self._desk("snapshot"), self.tracking_run)
        self.news = "something" if self.data["new"] else "nothing"
        self.next({"something": self.candidates, "nothing": self.end}, condition="news")

    @step
    def candidates(self) -> None:
        self.names = list(Plan.load(Path(self.plan)).candidates)
        self.next(self.train, foreach="names")

    @step
    def train(self) -> None:
        self.trained = steps.train(self._desk("train"), self.input, self.tracking_run, self.data)
        self.next(self.evaluate)

    @step
    def evaluate(self, inputs: Any) -> None:
        self.merge_artifacts(inputs, include=["tracking_run", "data"])
        trained = [one.trained for one in inputs]
        self.best = steps.evaluate(self._desk("evaluate"), self.tracking_run, self.data, trained)
        self.next(self.gate)

    @step
    def gate(self) -> None:
        self.verdict = steps.gate(self._desk("gate"), self.tracking_run, self.best)
        self.next(self.register)

    @step
    def register(self) -> None:
        self.version = steps.register(
            self._desk("register"), self.tracking_run, self.best, self.verdict
        )
        self.next(self.end)

    @step
    def end(self) -> None:
        self.result = steps.end(self._desk("end"), self.tracking_run, self._found())

    def _desk(self, name: str) -> steps.Desk:
        end_with_parent()
        run = getattr(self, "tracking_run", "")
        return steps.open_desk(Path(self.plan), name, self._parts, run)

    def _found(self) -> dict[str, Any]:
        """What the steps before `end` left; those that were not needed left nothing."""
        names = ("data", "best", "verdict", "version")
        return {name: getattr(self, name, None) for name in names}


if __name__ == "__main__":
    say_what_is_reused("RetrainFlow")
    RetrainFlow()

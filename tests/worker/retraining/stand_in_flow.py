# SPDX-License-Identifier: Apache-2.0
"""A flow that trains nothing: `stand_in_flow.py HOW PLAN RESUMED` beats, and ends as HOW says.

It notes each try in `work/tries.txt` (the flow run it resumes, and its process), so that a test
sees what was started. HOW with `-once` ends well from the second try on.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from training.loop import Ending, Plan, Pulse, Result


def main(how: str, plan_path: str, resumed: str) -> None:
    plan = Plan.load(Path(plan_path))
    tries = plan.work / "tries.txt"
    first = not tries.exists()
    (plan.work / "flow_run").write_text("1")
    pulse = Pulse(plan.beat, "train")
    pulse.begin("tuned: epoch 2", 10)
    step = subprocess.Popen(["sleep", "600"])  # as Metaflow's steps are: a process below this one
    with tries.open("a") as file:
        file.write(f"{resumed or '-'} {os.getpid()} {step.pid}\n")
    better = how.endswith("-once") and not first
    _do("ends" if better else how.removesuffix("-once"), plan, pulse)
    step.kill()
    step.wait()


def _do(how: str, plan: Plan, pulse: Pulse) -> None:
    if how in ("ends", "lingers"):
        told = ("12 photos better, 2 worse",)
        Result(Ending.PASSED, told, "5" * 64, "run", version=3).save(plan.result)
        if how == "lingers":
            _beat_for_ever(pulse)
    elif how == "refused":
        Result(Ending.REFUSED, ("no better",), "5" * 64, "run", version=3).save(plan.result)
    elif how == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    elif how == "fails":
        raise ValueError("the caller's 482915 cannot be learnt")
    elif how == "loses-a-step":
        raise SystemExit("Step train (task-id 4) failed.")
    elif how == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _beat_for_ever(pulse)
    elif how == "hangs":
        _beat_for_ever(pulse)
    elif how == "silent":
        signal.pause()


def _beat_for_ever(pulse: Pulse) -> None:
    while True:
        pulse.begin("tuned: epoch 2", 10)
        pulse.advance(4)
        time.sleep(0.1)


if __name__ == "__main__":
    main(*sys.argv[1:])

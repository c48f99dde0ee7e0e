# SPDX-License-Identifier: Apache-2.0
"""All callers ring, several at a time; what became of each is a line of `calls.jsonl`."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from ivr.catalogue import load
from ivr.learning.belief import Belief, beliefs
from ivr.learning.bench import Bench
from ivr.learning.caller import Caller
from ivr.learning.data import copy_tree, share_data
from ivr.learning.labels import tally, wait_until_kept
from ivr.learning.mind import Mind
from ivr.learning.phases import Found
from ivr.learning.rendered import CALLERS
from ivr.learning.service import Service, service
from ivr.learning.switchboard import Switchboard, switchboard
from training.progress import ProgressBar
from training.scoring import only_digits, read_labels

LANGUAGE, _TELEPHONE = "ko", "+8210{:08}"  # 010-0000-xxxx is given to nobody
_RECORD = "calls.jsonl"


@dataclass(frozen=True, slots=True)
class Planned:
    """One who will call: caller number `index`, with a photo on which `number` is written."""

    index: int
    photo: Path
    number: str
    belief: Belief


@dataclass(frozen=True, slots=True)
class Called:
    """What became of one call; see `ivr.learning.caller.Ended`."""

    index: int
    call: str
    kind: str
    number: str
    status: str
    left_at: str
    seconds: float


def ring_all(bench: Bench, _found: dict[str, Found], progress: ProgressBar) -> Found:
    """Have every caller call who has not yet, and tell which labels came of it."""
    called = _recorded(bench)
    done = {one.index for one in called}
    callers = _callers(bench)
    progress.begin("calls", len(callers))
    progress.advance(len(done))
    share_data(bench)
    with service(bench, bench.service, trains=False) as rung:
        todo = [one for one in callers if one.index not in done]
        for one in ring(rung, todo, bench.at_once):
            _record(bench, one)
            called.append(one)
            progress.advance()
        wait_until_kept(rung)
        found = tally(rung.store, called)
    copy_tree(bench.service, bench.called)
    return found


def ring(rung: Service, callers: Sequence[Planned], at_once: int) -> Iterator[Called]:
    """Have them call, `at_once` at a time; what became of them, in their order.

    Raises `StackError` when a process of the service ends.
    """
    with (
        closing(rung.phone()) as ear,
        switchboard(ear) as board,
        ThreadPoolExecutor(at_once) as people,
    ):
        for called in people.map(lambda caller: _call(rung, board, caller), callers):
            rung.stack.check()
            yield called


def forget_calls(bench: Bench) -> None:
    """The service's data, and who has called."""
    (bench.folder / _RECORD).unlink(missing_ok=True)
    for folder in (bench.service, bench.called):
        shutil.rmtree(folder, ignore_errors=True)


def _callers(bench: Bench) -> list[Planned]:
    photos = read_labels(bench.folder / CALLERS)
    numbers = [only_digits(photo.label) for photo in photos]
    people = zip(photos, numbers, beliefs(numbers, bench.mistaken, bench.seed), strict=True)
    return [
        Planned(index, photo.path, number, belief)
        for index, (photo, number, belief) in enumerate(people)
    ]


def _call(rung: Service, board: Switchboard, caller: Planned) -> Called:
    mind = Mind(caller.belief, load(LANGUAGE).words.digits)
    number = _TELEPHONE.format(caller.index)
    with closing(rung.phone()) as phone:
        ended = Caller(phone, board, number, LANGUAGE, mind).call(caller.photo)
    told = ended.call, str(caller.belief.kind), caller.number
    return Called(caller.index, *told, ended.status, ended.left_at, ended.seconds)


def _recorded(bench: Bench) -> list[Called]:
    """Who has called before the bench was broken off."""
    path = bench.folder / _RECORD
    if not path.exists():
        forget_calls(bench)
        return []
    lines = path.read_text("utf-8").splitlines()
    return [Called(**json.loads(line)) for line in lines if line.endswith("}")]


def _record(bench: Bench, called: Called) -> None:
    with (bench.folder / _RECORD).open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(called)) + "\n")

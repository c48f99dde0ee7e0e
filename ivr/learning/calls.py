# SPDX-License-Identifier: Apache-2.0
"""All callers ring, several at a time; what became of each is a line of `calls.jsonl`."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import local

from ivr.catalogue import load
from ivr.devphone.remote import RemotePhone
from ivr.learning.belief import Belief, beliefs
from ivr.learning.bench import Bench
from ivr.learning.caller import Caller
from ivr.learning.labels import tally, wait_until_kept
from ivr.learning.mind import Mind
from ivr.learning.phases import Found
from ivr.learning.rendered import CALLERS
from ivr.learning.service import Service, service
from ivr.learning.switchboard import Switchboard, switchboard
from training.progress import ProgressBar
from training.scoring import only_digits, read_labels

LANGUAGE, _NUMBER = "ko", "+8210{:08}"  # 010-0000-xxxx is given to nobody
_RECORD = "calls.jsonl"


@dataclass(frozen=True, slots=True)
class Called:
    """What became of one call; `number` is what is written on its photo."""

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
    photos = read_labels(bench.folder / CALLERS)
    numbers = [only_digits(photo.label) for photo in photos]
    believed = beliefs(numbers, bench.mistaken, bench.seed)
    progress.begin("calls", len(photos))
    progress.advance(len(done))
    with service(bench.service, bench.test_share) as rung:
        todo = [index for index in range(len(photos)) if index not in done]
        paths = [photo.path for photo in photos]
        for one in _ring(rung, todo, paths, numbers, believed, bench.at_once):
            _record(bench, one)
            called.append(one)
            progress.advance()
            rung.stack.check()
        wait_until_kept(rung)
        return tally(rung.store, called)


def forget_calls(bench: Bench) -> None:
    """The service's data, and who has called."""
    (bench.folder / _RECORD).unlink(missing_ok=True)
    shutil.rmtree(bench.service, ignore_errors=True)


def _ring(
    rung: Service,
    todo: Sequence[int],
    photos: Sequence[Path],
    numbers: Sequence[str],
    believed: Sequence[Belief],
    at_once: int,
) -> Iterator[Called]:
    """Calls as they end, in the order of `todo`."""
    hands = local()

    def phone() -> RemotePhone:
        if not hasattr(hands, "phone"):
            hands.phone = rung.phone()
        held: RemotePhone = hands.phone
        return held

    def ring(index: int) -> Called:
        return _one(phone(), board, index, photos[index], numbers[index], believed[index])

    with switchboard(rung.phone()) as board, ThreadPoolExecutor(at_once) as callers:
        yield from callers.map(ring, todo)


def _one(
    phone: RemotePhone, board: Switchboard, index: int, photo: Path, number: str, belief: Belief
) -> Called:
    mind = Mind(belief, load(LANGUAGE).words.digits)
    ended = Caller(phone, board, _NUMBER.format(index), LANGUAGE, mind).call(photo)
    return Called(index, ended.call, belief.kind, number, ended.status, ended.left_at, ended.seconds)


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

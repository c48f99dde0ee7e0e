# SPDX-License-Identifier: Apache-2.0
"""`sonsori bench load`: one call on one core, and what is made of the figures."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

from ivr.cli import app
from ivr.load.caller import Caller, Measured
from ivr.load.measure import Level
from ivr.load.page import TITLE, row, section
from ivr.load.plot import draw_load
from ivr.load.web import _children
from training.bench.sections import with_section

WORD = (b"\x01" * 160, b"\x02" * 160)
SILENT = Level(40, 3, 3, None, None, 50.0, 80.0, 1.0, 2.5)
GOOD = Level(5, 20, 0, 310, 420, 4.0, 9.5, 0.12, 1.5)


class Service:
    """The other end: asks with a moment of sound, answers the first words, not the next."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.marks: list[str] = []
        self.started: dict[str, object] = {}

    async def serve(self, socket: ServerConnection) -> None:
        await self._say(socket, "0:1")
        async for text in socket:
            message = json.loads(text)
            match message["event"]:
                case "start":
                    self.started = message["start"]
                case "mark":
                    self.marks.append(message["mark"]["name"])
                case "media":
                    self.frames.append(base64.b64decode(message["media"]["payload"]))
                    if self.frames.count(WORD[1]) == 1 and self.frames[-1] == WORD[1]:
                        await self._say(socket, "0:2")

    async def _say(self, socket: ServerConnection, mark: str) -> None:
        sound = base64.b64encode(b"\x00" * 800).decode()
        for message in (
            {"event": "media", "streamSid": "MZ1", "media": {"payload": sound}},
            {"event": "mark", "streamSid": "MZ1", "mark": {"name": mark}},
        ):
            await socket.send(json.dumps(message))


def talk_to(service: Service, seconds: float) -> Measured:
    """One caller of the load test, who talks to `service` for so long."""

    async def talk() -> Measured:
        measured = Measured()
        async with serve(service.serve, "127.0.0.1", 0) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            async with connect(f"ws://127.0.0.1:{port}") as socket:
                until = asyncio.get_running_loop().time() + seconds
                caller = Caller(
                    socket, {"call": "7", "token": "t"}, [WORD], measured, 1, patience_s=0.5
                )
                await caller.talk(until)
        return measured

    return asyncio.run(talk())


def test_a_caller_answers_questions_and_notes_how_soon_something_follows() -> None:
    service = Service()
    measured = talk_to(service, 3.0)
    assert service.started["customParameters"] == {"call": "7", "token": "t"}
    assert service.marks[:2] == ["0:1", "0:2"]
    assert len(measured.delays_s) == 1 and measured.delays_s[0] >= 0
    spoken = [frame for frame in service.frames if frame in WORD]
    assert tuple(spoken[:2]) == WORD
    assert len(measured.late_s) >= len(service.frames) > 10


def test_a_word_that_nothing_follows_is_said_again_and_counted() -> None:
    measured = talk_to(Service(), 4.0)
    assert measured.unanswered >= 1


@pytest.mark.parametrize("level", [GOOD, SILENT], ids=["good", "silent"])
def test_a_level_is_a_row_and_a_point(level: Level, tmp_path: Path) -> None:
    assert row(level)[0] == str(level.calls)
    assert len(row(level)) == 8
    draw_load([GOOD, level], tmp_path / "load.png")
    assert (tmp_path / "load.png").read_bytes().startswith(b"\x89PNG")


def test_the_section_names_the_command_that_made_it_and_replaces_itself() -> None:
    text = section([GOOD, SILENT], 60)
    assert "`sonsori bench load --calls 5,40 --seconds 60`" in text
    assert "| 5 | 20 | 0 | 310 | 420 | 4/9.5 | 0.12 | 1.5 |" in text
    page = with_section(with_section("# Benchmarks\n\n## Before\n", text), section([GOOD], 60))
    assert page.count(f"## {TITLE}") == 1 and "| 40 |" not in page


@pytest.mark.parametrize("words", [("--calls", "some"), ("--calls", "0"), ("--core", "9999")])
def test_bad_usage_is_status_two(words: tuple[str, ...]) -> None:
    assert CliRunner().invoke(app, ["bench", "load", *words]).exit_code == 2


def test_a_thread_that_ended_meanwhile_has_started_nothing(tmp_path: Path) -> None:
    (tmp_path / "children").write_text("7 9 ")
    assert _children(tmp_path).split() == ["7", "9"]
    assert _children(tmp_path / "ended") == ""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.md").write_text("# Benchmarks\n")
    yield tmp_path


def test_one_call_is_measured_against_the_real_web_process(folder: Path) -> None:
    words = ["--calls", "1", "--seconds", "10", "--warm-up", "0", "--page", "page.md", "--json"]
    result = CliRunner().invoke(app, ["bench", "load", *words])
    assert result.exit_code == 0, result.output
    (level,) = json.loads(result.stdout)
    assert level["calls"] == 1 and level["delay_ms"] is not None
    assert level["cpu"] > 0
    assert TITLE in (folder / "page.md").read_text()
    assert (folder / "images" / "load.png").exists() and (folder / "var/bench/load.json").exists()

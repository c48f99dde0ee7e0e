# SPDX-License-Identifier: Apache-2.0
"""`sonsori models`, `promote`, `rollback`, `shadow` and `mlflow`, as an operator types them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import update
from typer.testing import CliRunner

import vision
from ivr.changeover.bundles import cautious_bundle
from ivr.cli import app
from worker import Settings, open_store, upgrade
from worker.promotion import ModelStore
from worker.promotion.pointer import Served
from worker.training_records import Promotion

WIDE = {"TERM": "dumb", "COLUMNS": "220"}
Type = Callable[..., Result]


@pytest.fixture
def sonsori(tmp_path: Path) -> Type:
    """A command line on empty tables and an empty registry."""
    upgrade(Settings())

    def typed(*words: str) -> Result:
        return CliRunner().invoke(app, words, env=WIDE)

    return typed


@pytest.fixture(scope="session")
def shipped() -> str:
    return vision.load_model().version


@pytest.fixture(scope="session")
def cautious(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cautious_bundle(tmp_path_factory.mktemp("bundles") / "cautious")


def test_a_bundle_is_promoted_shown_and_rolled_back(
    sonsori: Type, cautious: Path, shipped: str
) -> None:
    done = sonsori("promote", str(cautious), "--by", "kim", "--why", "measured by hand", "--force")
    assert done.exit_code == 0, done.output
    bundle = done.stdout.split()[0]
    assert f"before it was {shipped}" in done.stdout
    shown = sonsori("models")
    assert shown.exit_code == 0
    assert f"In service: {bundle}" in shown.stdout
    assert "measured by hand" in shown.stdout
    back = sonsori("rollback", "--by", "lee", "--why", "never sure")
    assert (back.exit_code, back.stdout.split()[0]) == (0, shipped)
    assert "aliases later" in back.stderr, "there is no registry here"
    told = json.loads(sonsori("models", "--json").stdout)
    assert told["serving"] == shipped
    assert [span["bundle"] for span in told["served"]] == [shipped, bundle, shipped]
    assert [span["actor"] for span in told["served"]] == ["", "kim", "lee"]
    assert "cannot be reached" in told["registry"]


def test_what_served_on_a_day_can_be_asked(sonsori: Type, cautious: Path, shipped: str) -> None:
    sonsori("promote", str(cautious), "--why", "x", "--force")
    _date(datetime(2026, 11, 17, 12, 30))

    def on(day: str) -> list[str]:
        return [
            span["bundle"] for span in json.loads(sonsori("models", "--at", day, "--json").stdout)
        ]

    bundle = json.loads(sonsori("models", "--json").stdout)["serving"]
    assert on("2026-11-16") == [shipped]
    assert on("2026-11-17") == [shipped, bundle]
    assert on("2026-11-17T12:29") == [shipped]
    assert on("2026-11-17T12:30") == [bundle]
    assert on("2026-11-18") == [bundle]
    assert bundle in sonsori("models", "--at", "2026-11-18").stdout


def _date(at: datetime) -> None:
    """Let the promotion have been then."""
    models = ModelStore(Settings().models())
    now = models.current()
    assert isinstance(now, Served)
    models.point(replace(now, at=at))
    with closing(open_store(Settings())) as store, store.session() as session:
        session.execute(update(Promotion).values(at=at))


def test_before_any_promotion_the_shipped_bundle_served(sonsori: Type, shipped: str) -> None:
    assert shipped in sonsori("models", "--at", "2026-11-17").stdout
    assert f"In service: {shipped}" in sonsori("models").stdout


def test_promoting_what_serves_is_no_mistake(sonsori: Type, cautious: Path) -> None:
    words = ("promote", str(cautious), "--why", "x", "--force")
    sonsori(*words)
    again = sonsori(*words)
    assert again.exit_code == 0
    assert "in service already; nothing to do" in again.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("promote", "x/y"), "no folder"),
        (("promote", "7"), "cannot be reached"),
        (("rollback",), "nothing was promoted"),
        (("shadow", "on", "x/y"), "no folder"),
    ],
)
def test_what_cannot_be_done_says_why(sonsori: Type, words: tuple[str, ...], said: str) -> None:
    refused = sonsori(*words)
    assert refused.exit_code == 1
    assert said in refused.stderr
    assert "Traceback" not in refused.output


@pytest.mark.parametrize("words", [("models",), ("rollback",)])
def test_without_tables_it_says_so(words: tuple[str, ...]) -> None:
    refused = CliRunner().invoke(app, words, env=WIDE)
    assert refused.exit_code == 1
    assert "no such table" in refused.stderr


@pytest.mark.parametrize("name", ["digits.onnx", "model.json"])
def test_a_broken_bundle_is_refused_in_words(
    sonsori: Type, cautious: Path, tmp_path: Path, name: str
) -> None:
    broken = Path(shutil.copytree(cautious, tmp_path / "broken"))
    (broken / name).write_bytes((broken / name).read_bytes()[:900])
    refused = sonsori("promote", str(broken), "--why", "x", "--force")
    assert refused.exit_code == 1
    assert "cut short" in refused.stderr


@pytest.mark.parametrize(
    "words",
    [("promote", ".", "--force"), ("promote",), ("models", "--at", "tuesday"), ("shadow", "up")],
)
def test_bad_usage_has_its_own_status(sonsori: Type, words: tuple[str, ...]) -> None:
    assert sonsori(*words).exit_code == 2


def test_an_unseen_bundle_needs_force(sonsori: Type, cautious: Path) -> None:
    refused = sonsori("promote", str(cautious))
    assert refused.exit_code == 1
    assert "the gate has not seen it" in refused.stderr


def test_a_shadow_is_begun_told_and_ended(sonsori: Type, cautious: Path) -> None:
    assert "Nobody reads along" in sonsori("shadow", "status").stdout
    begun = sonsori("shadow", "on", str(cautious), "--force")
    assert begun.exit_code == 0, begun.output
    assert "0 photos read along" in sonsori("shadow", "status").stdout
    assert json.loads(sonsori("shadow", "status", "--json").stdout)["readings"] == 0
    assert sonsori("shadow", "off").exit_code == 0
    assert "Nobody reads along" in sonsori("shadow", "status").stdout


def test_the_pages_of_mlflow_need_an_extra(sonsori: Type) -> None:
    """The test suite is installed without them."""
    with pytest.raises(PackageNotFoundError):
        distribution("mlflow")
    refused = sonsori("mlflow")
    assert refused.exit_code == 1
    assert "sonsori[ui]" in refused.stderr

# SPDX-License-Identifier: Apache-2.0
"""The frozen set: written once, private, and rid of what was withdrawn."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from gate_photos import ensure, page, plan_in, send

from training.frozen import Kind, withdraw
from training.gate import FrozenSet, FrozenSetError
from training.gate.overlap import look_alike
from training.loop import Amounts, Crop, Plan, TakeOut


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return plan_in(tmp_path)


@pytest.fixture
def takeout(plan: Plan) -> TakeOut:
    """Two photos that callers sent."""
    takeout = TakeOut(plan.input)
    send(takeout, "one", 1)
    send(takeout, "two", 2, label="spoken")
    return takeout


def names(found: FrozenSet) -> list[str]:
    return [photo.name for photo in found.photos]


def again(plan: Plan) -> TakeOut:
    """A later take-out, which has nothing yet."""
    return TakeOut(plan.work / "later")


def test_photos_of_callers_are_kept_with_what_they_said(plan: Plan, takeout: TakeOut) -> None:
    found = ensure(plan, takeout)
    one, two = found.photos
    assert (one.name, one.text, one.kind, one.writer) == (
        "caller-one",
        page(1)[1],
        Kind.KEYED,
        "writer 1",
    )
    assert two.corrected and not one.corrected
    assert found.path(one).read_bytes() == page(1)[0]


def test_nobody_else_may_look_into_the_folder(plan: Plan, takeout: TakeOut) -> None:
    plan.frozen.mkdir(mode=0o755)
    ensure(plan, takeout)
    assert stat.S_IMODE(plan.frozen.stat().st_mode) == 0o700


def test_a_set_that_is_made_again_is_the_same_and_nothing_is_written_anew(plan: Plan) -> None:
    plan = replace(plan, amounts=Amounts(frozen_photos=2))
    first = ensure(plan)
    written = {path: path.stat().st_mtime_ns for path in plan.frozen.glob("photos/*")}
    second = ensure(plan)
    assert second.digest == first.digest and second.photos == first.photos
    assert {path: path.stat().st_mtime_ns for path in plan.frozen.glob("photos/*")} == written


def test_photos_are_drawn_of_strokes_where_nothing_was_fetched(tmp_path: Path) -> None:
    drawn = plan_in(tmp_path / "drawn", 2)
    bare = replace(plan_in(tmp_path / "bare", 2), drawn_only=False)
    assert ensure(bare).digest == ensure(drawn).digest


def test_rendering_that_was_broken_off_goes_on(plan: Plan) -> None:
    whole = ensure(replace(plan, frozen=plan.work / "other", amounts=Amounts(frozen_photos=2)))
    ensure(replace(plan, amounts=Amounts(frozen_photos=1)))
    (plan.frozen / "photos" / "rendered-00001.jpg").write_bytes(b"half a pho")
    assert ensure(replace(plan, amounts=Amounts(frozen_photos=2))).digest == whole.digest


def test_a_photo_that_was_tampered_with_is_named(plan: Plan, takeout: TakeOut) -> None:
    found = ensure(plan, takeout)
    found.path(found.photos[1]).write_bytes(page(7)[0])
    with pytest.raises(FrozenSetError, match=r"caller-two is not the photo that was frozen"):
        ensure(plan, takeout)


def test_a_photo_that_is_missing_is_named(plan: Plan, takeout: TakeOut) -> None:
    found = ensure(plan, takeout)
    found.path(found.photos[0]).unlink()
    with pytest.raises(FrozenSetError, match=r"caller-one is missing"):
        FrozenSet.open(plan.frozen)


def test_a_damaged_manifest_is_an_error_and_no_empty_set(plan: Plan, takeout: TakeOut) -> None:
    ensure(plan, takeout)
    (plan.frozen / "manifest.json").write_text('{"photos": [{"name": ')
    with pytest.raises(FrozenSetError, match=r"manifest\.json is no manifest"):
        ensure(plan, takeout)


def test_a_label_that_was_changed_changes_nothing_that_is_frozen(plan: Plan) -> None:
    ensure(plan, _sending(plan, "first", text="123456"))
    with pytest.raises(FrozenSetError, match="photo one is in the frozen set"):
        ensure(plan, _sending(plan, "second", text="123457"))
    assert FrozenSet.open(plan.frozen).photos[0].text == "123456"


def _sending(plan: Plan, folder: str, *, text: str) -> TakeOut:
    takeout = TakeOut(plan.work / folder)
    send(takeout, "one", 1, text=text)
    return takeout


def test_what_a_forgotten_caller_sent_leaves_with_all_that_was_read_on_it(
    plan: Plan, takeout: TakeOut
) -> None:
    before = ensure(plan, takeout)
    one, two = before.photos
    before.readings.mkdir()
    kept = before.readings / "model.jsonl"
    lines = [json.dumps({"photo": photo.sha256, "ms": 1.0}) + "\n" for photo in (one, two)]
    kept.write_text("".join(lines))
    later = again(plan)
    send(later, "two", 2, label="spoken")
    after = ensure(plan, later)
    assert names(after) == ["caller-two"]
    assert after.withdrawn == ("caller-one",)
    assert not before.path(one).exists()
    assert kept.read_text() == lines[1]
    assert one.sha256 not in (plan.frozen / "manifest.json").read_text()


def test_a_caller_may_be_forgotten_between_two_trainings(plan: Plan, takeout: TakeOut) -> None:
    ensure(plan, takeout)
    assert withdraw(plan.frozen, {"two"}) == ("caller-one",)
    assert withdraw(plan.frozen, {"two"}) == ()
    left = FrozenSet.open(plan.frozen)
    assert names(left) == ["caller-two"] and left.withdrawn == ("caller-one",)
    assert [path.name for path in plan.frozen.glob("photos/*")] == ["caller-two"]


def test_where_nothing_is_frozen_nothing_is_withdrawn(plan: Plan) -> None:
    assert withdraw(plan.frozen, set()) == ()


def test_to_forget_takes_no_training_extras() -> None:
    code = "import sys, training.frozen; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"torch", "numpy", "cv2", "fontTools", "jinja2", "onnxruntime"}
    assert heavy & set(run.stdout.split()) == set()


def test_a_photo_that_comes_back_is_withdrawn_no_more(plan: Plan, takeout: TakeOut) -> None:
    whole = ensure(plan, takeout)
    ensure(plan, again(plan))
    back = ensure(plan, takeout)
    assert back.withdrawn == () and back.digest == whole.digest


def test_only_digits_that_somebody_gave_are_believed(plan: Plan) -> None:
    takeout = TakeOut(plan.input)
    send(takeout, "one", 1, label="confirmed")
    send(takeout, "two", 2, text="")
    found = ensure(plan, takeout)
    assert found.photos == ()
    assert [why.split(":")[0] for why in found.refused] == [
        "Photo one is confirmed",
        "Photo two has no digits to test a model with.",
    ]


def test_the_same_paper_twice_is_one_photo(plan: Plan) -> None:
    takeout = TakeOut(plan.input)
    first = send(takeout, "one", 1)
    pixels = cv2.imdecode(np.frombuffer(page(1)[0], np.uint8), cv2.IMREAD_COLOR)
    _, coarser = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 60])
    takeout.add_photo(replace(first, id="two"), coarser.tobytes())
    for _ in range(2):
        found = ensure(plan, takeout)
        assert names(found) == ["caller-one"]
        assert found.refused == ("Photo two shows the same paper as another and is counted once.",)


def test_two_papers_are_told_apart() -> None:
    assert not look_alike(page(1)[0], page(2)[0])
    assert not look_alike(b"no photo", b"nor this")


def test_what_a_model_learns_from_tests_nothing(plan: Plan, takeout: TakeOut) -> None:
    kept = ensure(plan, takeout)
    pixels = cv2.imdecode(np.frombuffer(page(1)[0], np.uint8), cv2.IMREAD_GRAYSCALE)
    _, png = cv2.imencode(".png", pixels)
    takeout.add_crop(Crop("c", 4, "keyed", "2026-11-22"), png.tobytes())
    found = ensure(plan, takeout)
    assert names(kept) == ["caller-one", "caller-two"]
    assert names(found) == ["caller-two"]
    assert "Photo one is among what the model learns from" in found.refused[0]


def test_an_id_that_would_lead_out_of_the_folder_is_refused(plan: Plan) -> None:
    takeout = TakeOut(plan.input)
    photo = send(takeout, "one", 1)
    rows = plan.input / "photos.csv"
    rows.write_text(rows.read_text().replace("one,", "../photos/one,"))
    with pytest.raises(FrozenSetError, match="no id of a photo"):
        ensure(plan, takeout)
    assert photo.id == "one"

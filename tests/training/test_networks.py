# SPDX-License-Identifier: Apache-2.0
"""The networks learn, are exported faithfully, and their probabilities are made honest."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch

from training.augment import Augmentation, augment
from training.calibrate import calibration_error, fit_temperature, log_loss
from training.cnn import DigitNet, parameter_count
from training.digit_training import accuracy_on_digits, logits_of, shares_right, train_digits
from training.export import export_digits, export_lines, update_card
from training.fit import EpochEnd, Recipe
from training.glyphs import Glyphs
from training.line_net import LineNet
from vision.classify import load_model, softmax

QUICK = Recipe(epochs=2, rate=2e-3, threads=1, average=0.9)


class Counting:
    """A progress bar that remembers."""

    def __init__(self) -> None:
        self.total = 0
        self.steps = 0

    def begin(self, name: str, total: int) -> None:
        self.total = total

    def advance(self, steps: int = 1, note: str = "") -> None:
        self.steps += steps


def test_the_digit_net_is_small() -> None:
    assert parameter_count(DigitNet()) < 400_000


def test_torch_and_onnx_agree_on_digits(tmp_path: Path, digits: Glyphs) -> None:
    torch.manual_seed(1)
    net = DigitNet().eval()
    session = ort.InferenceSession(export_digits(net, tmp_path))
    images = digits.images[:50, None].astype(np.float32) / 255
    served = session.run(None, {"glyphs": images})[0]
    assert np.abs(served - logits_of(net, digits.take(slice(0, 50)))).max() < 1e-4


def test_torch_and_onnx_agree_on_lines_of_any_width(tmp_path: Path) -> None:
    torch.manual_seed(2)
    net = LineNet().eval()
    session = ort.InferenceSession(export_lines(net, tmp_path))
    for width in (32, 100, 255):
        image = np.random.default_rng(width).random((1, 1, 32, width), np.float32)
        with torch.no_grad():
            expected = net(torch.from_numpy(image)).numpy()
        assert np.abs(session.run(None, {"line": image})[0] - expected).max() < 1e-4


def test_a_net_learns_digits_and_tells_how(digits: Glyphs) -> None:
    ends: list[EpochEnd] = []
    bar = Counting()
    still = Augmentation(*[0.0] * 9)
    model = train_digits(
        digits,
        Recipe(epochs=30, threads=1, average=0.5),
        augmentation=still,
        callbacks=[ends.append],
        progress=bar,
    )
    logits = logits_of(model, digits)
    assert accuracy_on_digits(logits, digits.labels) > 0.6
    assert shares_right(logits, digits.labels)["junk"] == 1.0
    assert [end.epoch for end in ends] == list(range(1, 31)) and ends[-1].loss < ends[0].loss
    assert bar.steps == bar.total == 30


def test_the_same_seed_trains_the_same_net(digits: Glyphs) -> None:
    one, two = (logits_of(train_digits(digits, QUICK), digits) for _ in range(2))
    assert np.array_equal(one, two)


def test_augmented_glyphs_stay_glyphs_and_repeat_with_the_seed(digits: Glyphs) -> None:
    images = torch.from_numpy(digits.images[:40, None].copy()).float() / 255
    one, two = (
        augment(images.clone(), Augmentation(), torch.Generator().manual_seed(4)) for _ in range(2)
    )
    assert one.shape == images.shape and float(one.min()) >= 0 and float(one.max()) <= 1
    assert torch.equal(one, two) and not torch.equal(one, images)


def test_temperature_makes_an_overconfident_net_honest() -> None:
    random = np.random.default_rng(0)
    true = random.normal(0, 1.5, (4000, 11)).astype(np.float32)
    chances = softmax(true)
    labels = np.array([random.choice(11, p=p / p.sum()) for p in chances.astype(float)])
    loud = true * 3
    temperature = fit_temperature(loud, labels)
    assert 2.6 < temperature < 3.4
    assert log_loss(loud / temperature, labels) < log_loss(loud, labels)
    before = calibration_error(softmax(loud), labels)
    assert calibration_error(softmax(loud / temperature), labels) < before / 4


def test_a_bundle_is_versioned_by_its_networks_and_loads(tmp_path: Path) -> None:
    torch.manual_seed(3)
    export_digits(DigitNet(), tmp_path)
    update_card(tmp_path, metrics={"a": 1}, calibration={"temperature": 1.5})
    first = json.loads((tmp_path / "model.json").read_text())
    export_lines(LineNet(), tmp_path)
    update_card(tmp_path, metrics={"b": 2})
    second = json.loads((tmp_path / "model.json").read_text())
    assert first["version"] != second["version"]
    assert second["metrics"] == {"a": 1, "b": 2} and second["calibration"] == {"temperature": 1.5}
    model = load_model(tmp_path)
    assert model.temperature == 1.5 and model.lines is not None

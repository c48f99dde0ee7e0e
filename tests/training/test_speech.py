# SPDX-License-Identifier: Apache-2.0
"""What the reader of speech sounds is trained with."""

from pathlib import Path

import numpy as np
import pytest

from training.progress import NullProgress
from training.speech.build import fit
from training.speech.features import features
from training.speech.line import over_a_line
from training.speech.net import export
from training.speech.pronunciation import PHONES, phones_of, pronounce
from training.speech.texts import ANSWERS, draw_text
from training.speech.voices import Saying


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("네", "ne"),
        ("맞습니다", "matsɯmnida"),
        ("아니요", "anijo"),
        ("첫 번째", "ʨʰʌt pʌnʨɛ"),
        ("다시", "taɕi"),
        ("여덟", "jʌdʌl"),
        ("있어요", "isʌjo"),
    ],
)
def test_korean_is_written_as_it_sounds(written: str, spoken: str) -> None:
    assert pronounce(written) == spoken


def test_what_is_not_hangul_is_refused() -> None:
    with pytest.raises(ValueError, match="Hangul"):
        pronounce("yes")


def test_every_text_has_known_sounds() -> None:
    random = np.random.default_rng(1)
    for text in (*ANSWERS, *(draw_text(random) for _ in range(200))):
        phones = phones_of(pronounce(text))
        assert phones and min(phones) >= 1 and max(phones) <= len(PHONES)


def test_the_line_keeps_a_saying_within_full_scale_and_is_seeded() -> None:
    sound = np.sin(np.arange(4000) / 5).astype(np.float32)
    one, same = (over_a_line(sound, [sound], np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(one, same)
    assert one.size > sound.size * 0.8 and np.abs(one).max() <= 1


def test_loudness_does_not_change_what_is_seen() -> None:
    sound = np.random.default_rng(1).normal(0, 0.1, 8000).astype(np.float32)
    assert features(sound).shape == (98, 40)
    whole, half = features(sound), features(sound / 2)
    assert np.corrcoef(whole.ravel(), half.ravel())[0, 1] > 0.99


def test_a_few_steps_of_training_make_a_network_that_can_be_served(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    sayings = [
        Saying(random.normal(0, 0.1, 8000).astype(np.float32), phones_of("ne")) for _ in range(4)
    ]
    network = fit(sayings, 0.02, 1, NullProgress())
    export(network, tmp_path / "sounds.onnx")
    assert (tmp_path / "sounds.onnx").stat().st_size > 1_000_000

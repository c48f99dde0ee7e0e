# SPDX-License-Identifier: Apache-2.0
"""What the reader of speech sounds is trained with."""

import io
import json
import tarfile
from pathlib import Path

import numpy as np
import pytest

from ivr.catalogue import load
from ivr.hearing.sayings import sayings_of
from training.bad_data import BadData
from training.progress import NullProgress
from training.speech import english, korean, voices
from training.speech.build import fit
from training.speech.features import features
from training.speech.korean_texts import ANSWERS, draw_text
from training.speech.languages import LANGUAGES
from training.speech.line import over_a_line, over_the_air
from training.speech.net import export
from training.speech.sayings import Saying
from training.speech.voices import fetch_voices


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
    assert korean.pronounce(written) == spoken


def test_what_is_not_hangul_is_refused() -> None:
    with pytest.raises(ValueError, match="Hangul"):
        korean.pronounce("yes")


def test_every_korean_text_has_known_sounds() -> None:
    random = np.random.default_rng(1)
    for text in (*ANSWERS, *(draw_text(random) for _ in range(200))):
        phones = korean.PHONES.numbers(korean.pronounce(text))
        assert phones and min(phones) >= 1 and max(phones) <= len(korean.PHONES)


def test_an_m_at_the_beginning_may_sound_like_b() -> None:
    assert korean.ways("맞습니다") == ("matsɯmnida", "patsɯmnida")
    assert korean.ways("네") == ("ne",)


def test_english_is_said_in_more_than_one_way() -> None:
    assert english.ways("no") == ("nO",)
    assert english.ways("the first") == ("ðəfɜɹst", "ðəfɜst", "ðifɜɹst", "ðifɜst")


def test_neither_stress_nor_accent_makes_another_sound() -> None:
    american, british = english.PHONES.numbers("ɡˈO stˈɑp"), english.PHONES.numbers("ɡQ stˈɒp")
    assert american == british


def test_a_word_that_nobody_wrote_down_is_named() -> None:
    with pytest.raises(ValueError, match="banana"):
        english.ways("yes banana")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_of_the_catalogue_can_be_told_by_its_sounds(language: str) -> None:
    speech = LANGUAGES[language]
    for phrase in sayings_of(load(language)):
        assert all(speech.phones.numbers(way) for way in speech.ways(phrase))


def pack_of(licence: str, folder: Path) -> Path:
    """A package as npm packs it, with one voice."""
    archive = folder / "kokoro-js-1.2.1.tgz"
    with tarfile.open(archive, "w:gz") as packed:
        for name, content in (
            ("package.json", json.dumps({"license": licence}).encode()),
            ("dist/kokoro.js", b"code"),
            ("voices/af_one.bin", bytes(1024)),
        ):
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            packed.addfile(member, io.BytesIO(content))
    return archive


def test_only_the_voices_are_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voices, "pack", lambda package, folder: pack_of("Apache-2.0", folder))
    assert fetch_voices(tmp_path) == tmp_path
    assert [path.name for path in tmp_path.iterdir()] == ["af_one.bin"]
    monkeypatch.setattr(voices, "pack", None)  # what is there is not fetched again
    fetch_voices(tmp_path)


def test_voices_under_another_licence_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voices, "pack", lambda package, folder: pack_of("UNLICENSED", folder))
    with pytest.raises(BadData, match="UNLICENSED"):
        fetch_voices(tmp_path)


def test_the_line_keeps_a_saying_within_full_scale_and_is_seeded() -> None:
    sound = np.sin(np.arange(4000) / 5).astype(np.float32)
    one, same = (over_a_line(sound, [sound], np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(one, same)
    assert one.size > sound.size * 0.8 and np.abs(one).max() <= 1


def test_a_mobile_phone_changes_the_sound_but_keeps_its_length_and_its_words() -> None:
    spoken = np.sin(np.arange(8000) / 4) * np.sin(np.arange(8000) / 900)
    sent = (0.3 * spoken).astype(np.float32)
    back = over_the_air(sent)
    assert back.size == sent.size
    assert not np.array_equal(back, sent)
    assert np.corrcoef(features(back).ravel(), features(sent).ravel())[0, 1] > 0.8


def test_loudness_does_not_change_what_is_seen() -> None:
    sound = np.random.default_rng(1).normal(0, 0.1, 8000).astype(np.float32)
    assert features(sound).shape == (98, 40)
    whole, half = features(sound), features(sound / 2)
    assert np.corrcoef(whole.ravel(), half.ravel())[0, 1] > 0.99


def test_a_few_steps_of_training_make_a_network_that_can_be_served(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    sayings = [
        Saying(random.normal(0, 0.1, 8000).astype(np.float32), korean.PHONES.numbers("ne"))
        for _ in range(4)
    ]
    network = fit(sayings, len(korean.PHONES), 0.02, 1, NullProgress())
    export(network, tmp_path / "sounds.onnx")
    assert (tmp_path / "sounds.onnx").stat().st_size > 1_000_000

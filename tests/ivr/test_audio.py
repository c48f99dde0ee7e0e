# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import numpy as np
import pytest

from ivr.audio import (
    SILENCE,
    Samples,
    active_dbfs,
    band_pass,
    decode,
    encode,
    read_wav,
    resample,
    set_level,
    write_wav,
)
from ivr.audio.mulaw import decode_pcm16, encode_pcm16


def tone(hz: float, rate_hz: int = 8000, seconds: float = 1.0, level: float = 0.5) -> Samples:
    time = np.arange(int(rate_hz * seconds)) / rate_hz
    return (level * np.sin(2 * np.pi * hz * time)).astype(np.float32)


def amplitude(samples: Samples) -> float:
    middle = samples[samples.size // 4 : -samples.size // 4]
    return float(np.sqrt(2 * np.square(middle).mean()))


# (byte, 16-bit sample): the first and last step of each segment of G.711's table 2a, times four.
G711 = [
    (0x80, 32124), (0x8F, 16764), (0x90, 15996), (0x9F, 8316), (0xA0, 7932), (0xAF, 4092),
    (0xB0, 3900), (0xBF, 1980), (0xC0, 1884), (0xCF, 924), (0xD0, 876), (0xDF, 396),
    (0xE0, 372), (0xEF, 132), (0xF0, 120), (0xFE, 8), (0xFF, 0), (0x00, -32124), (0x7E, -8),
]  # fmt: skip


@pytest.mark.parametrize(("byte", "sample"), G711)
def test_mulaw_follows_the_table_of_g711(byte: int, sample: int) -> None:
    assert decode_pcm16(bytes([byte]))[0] == sample
    assert encode_pcm16(np.array([sample], dtype=np.int16)) == bytes([byte])


def test_every_mulaw_byte_survives_decoding_and_encoding() -> None:
    data = bytes(byte for byte in range(256) if byte != 0x7F)  # 0x7F is a second zero
    assert encode_pcm16(decode_pcm16(data)) == data
    assert decode_pcm16(b"\x7f")[0] == 0


def test_every_sample_becomes_the_nearest_step() -> None:
    pcm = np.arange(-32635, 32636, dtype=np.int16)
    error = np.abs(decode_pcm16(encode_pcm16(pcm)).astype(int) - pcm)
    assert np.all(error <= np.maximum(np.abs(pcm.astype(int)) / 16, 8))


def test_louder_than_full_scale_is_clipped_not_wrapped() -> None:
    assert encode(np.array([3.0, -3.0], dtype=np.float32)) == b"\x80\x00"


def test_no_sound_is_the_silence_byte() -> None:
    assert encode(np.zeros(3, dtype=np.float32)) == SILENCE * 3
    assert decode(b"").size == 0


@pytest.mark.parametrize("rate_hz", [8000, 11025, 16000, 22050, 44100, 48000])
def test_speech_frequencies_pass_a_change_of_rate(rate_hz: int) -> None:
    changed = resample(tone(1000, rate_hz), rate_hz, 8000)
    assert changed.size == 8000
    assert amplitude(changed) == pytest.approx(0.5, rel=0.01)
    assert np.abs(changed - tone(1000))[100:-100].max() < 0.01  # no delay either


@pytest.mark.parametrize("hz", [4200, 5000, 9000])
def test_what_does_not_fit_the_lower_rate_does_not_fold_back(hz: int) -> None:
    assert amplitude(resample(tone(hz, 22050), 22050, 8000)) < 0.005


def test_an_upsampled_tone_has_no_image() -> None:
    assert np.abs(resample(tone(1000), 8000, 16000) - tone(1000, 16000))[200:-200].max() < 0.01


def test_changing_the_rate_of_nothing_gives_nothing() -> None:
    nothing = np.zeros(0, dtype=np.float32)
    assert resample(nothing, 22050, 8000).size == 0
    assert band_pass(nothing, 300, 3400).size == 0


def test_the_band_keeps_speech_and_drops_hum_and_hiss() -> None:
    assert amplitude(band_pass(tone(1000), 300, 3400)) == pytest.approx(0.5, rel=0.01)
    assert amplitude(band_pass(tone(100), 300, 3400)) < 0.005
    assert amplitude(band_pass(tone(3800), 300, 3400)) < 0.005


def test_pauses_do_not_count_towards_the_level() -> None:
    speech = tone(500)
    with_pause = np.concatenate([speech, np.zeros(24000, dtype=np.float32), speech])
    assert active_dbfs(with_pause) == pytest.approx(active_dbfs(speech), abs=0.1)


@pytest.mark.parametrize("level", [0.001, 0.05, 0.9])
def test_any_speech_is_brought_to_the_level_asked_for(level: float) -> None:
    assert active_dbfs(set_level(tone(500, level=level), -20)) == pytest.approx(-20, abs=0.3)


def test_peaks_stay_below_full_scale() -> None:
    clicks = np.zeros(8000, dtype=np.float32)
    clicks[::160] = 1.0
    assert np.abs(set_level(clicks, -10)).max() <= 0.9


def test_silence_stays_silence() -> None:
    silence = np.zeros(800, dtype=np.float32)
    assert active_dbfs(silence) == -120
    assert not set_level(silence, -20).any()
    assert active_dbfs(silence[:0]) == -120


def test_two_sides_of_a_call_go_into_one_file_and_come_back_as_one(tmp_path: Path) -> None:
    write_wav(tmp_path / "call.wav", [tone(500, level=0.5), tone(500, level=0.25)[:4000]], 8000)
    mixed, rate_hz = read_wav(tmp_path / "call.wav")
    assert (rate_hz, mixed.size) == (8000, 8000)
    assert np.abs(mixed[:4000] - tone(500, level=0.375)[:4000]).max() < 0.001
    assert np.abs(mixed[4000:] - tone(500, level=0.25)[4000:]).max() < 0.001


def test_a_wav_of_another_width_is_refused_by_name(tmp_path: Path) -> None:
    write_wav(tmp_path / "eight.wav", [tone(500)], 8000)
    data = bytearray((tmp_path / "eight.wav").read_bytes())
    data[32:36] = (1).to_bytes(2, "little") + (8).to_bytes(2, "little")
    (tmp_path / "eight.wav").write_bytes(data)
    with pytest.raises(ValueError, match=r"eight\.wav: 16-bit PCM wanted, 8-bit found"):
        read_wav(tmp_path / "eight.wav")

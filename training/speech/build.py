# SPDX-License-Identifier: Apache-2.0
"""Train a reader of speech sounds anew: `python -m training.speech.build --language ko`.

Needs the extras `training` and `speech-training`, and npm. No recording of a person has a part in
it.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from training.progress import ProgressBar, RichProgress
from training.speech.features import BANDS, features
from training.speech.languages import LANGUAGES
from training.speech.line import over_a_line
from training.speech.net import SoundNet, export
from training.speech.sayings import Saying, draw_sayings
from training.speech.voices import fetch_voices

TARGETS = Path("ivr/hearing")
VOICES = Path("var/data/kokoro")
_BATCH = 24
_RATE = 3e-3
_WARM_UP_STEPS = 100
_WIDEST_GAP = 6  # bands wiped out of each saying


def fit(
    sayings: Sequence[Saying], phones: int, minutes: float, seed: int, progress: ProgressBar
) -> SoundNet:
    """A network that has seen the sayings for so long, never twice over the same line."""
    torch.manual_seed(seed)
    random, network = np.random.default_rng(seed), SoundNet(phones)
    learner = torch.optim.AdamW(network.parameters(), _RATE, weight_decay=1e-2)
    ctc = nn.CTCLoss(zero_infinity=True)
    began_s, step = time.monotonic(), 0
    progress.begin("sounds", 100)
    while (done := (time.monotonic() - began_s) / (60 * minutes)) < 1:
        for batch in _batches(sayings, random):
            for group in learner.param_groups:
                group["lr"] = _rate(step, done)
            loss = _loss(network, ctc, batch, sayings, random)
            learner.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            learner.step()
            step += 1
        progress.advance(0, f"{done:.0%} {loss.item():.2f}")
    return network


def _rate(step: int, done: float) -> float:
    warm = min(1.0, step / _WARM_UP_STEPS + 0.02)
    return _RATE * warm * (0.5 * (1 + math.cos(math.pi * min(done, 1))) + 0.01)


def _batches(sayings: Sequence[Saying], random: np.random.Generator) -> Iterator[Sequence[Saying]]:
    """All sayings once, those of like length together."""
    near = sorted(sayings, key=lambda saying: saying.sound.size + random.uniform(0, 8000))
    starts = list(range(0, len(near), _BATCH))
    random.shuffle(starts)
    yield from (near[start : start + _BATCH] for start in starts)


def _loss(
    network: SoundNet,
    ctc: nn.CTCLoss,
    batch: Sequence[Saying],
    sayings: Sequence[Saying],
    random: np.random.Generator,
) -> Tensor:
    others = [sayings[int(at)].sound for at in random.integers(len(sayings), size=20)]
    seen = [_masked(features(over_a_line(s.sound, others, random)), random) for s in batch]
    bands = torch.zeros(len(seen), BANDS, max(map(len, seen)))
    for row, frames in enumerate(seen):
        bands[row, :, : len(frames)] = torch.from_numpy(frames.T)
    result: Tensor = ctc(
        network(bands).permute(2, 0, 1),
        torch.tensor([phone for saying in batch for phone in saying.phones]),
        torch.tensor([(len(frames) + 1) // 2 for frames in seen]),
        torch.tensor([len(saying.phones) for saying in batch]),
    )
    return result


def _masked(frames: np.ndarray, random: np.random.Generator) -> np.ndarray:
    low = int(random.integers(BANDS - _WIDEST_GAP))
    frames[:, low : low + int(random.integers(_WIDEST_GAP))] = 0
    return frames


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--language", choices=sorted(LANGUAGES), required=True)
    parser.add_argument("--sayings", type=int, default=2000)
    parser.add_argument("--minutes", type=float, default=40.0)
    parser.add_argument("--seed", type=int, default=1001)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--target", type=Path, help="instead of the network that ships")
    build(parser.parse_args())


def build(wanted: argparse.Namespace) -> None:
    """Draw, learn and write what `main` was asked for."""
    language, voices = wanted.language, fetch_voices(VOICES)
    with RichProgress() as progress:
        sayings = []
        progress.begin("sayings", wanted.sayings)
        for one in draw_sayings(language, wanted.sayings, wanted.seed, voices, wanted.processes):
            sayings.append(one)
            progress.advance()
        phones = len(LANGUAGES[language].phones)
        network = fit(sayings, phones, wanted.minutes, wanted.seed, progress)
    export(network, wanted.target or TARGETS / f"sounds_{language}.onnx")


if __name__ == "__main__":
    main()

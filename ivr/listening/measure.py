# SPDX-License-Identifier: Apache-2.0
"""All clips of a folder, at every noise, through the hearing that serves calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product

from ivr.hearing import Hearing
from ivr.listening.channel import say
from ivr.listening.clips import Clip
from ivr.listening.line import ask
from ivr.listening.scores import Outcome, outcome
from ivr.listening.unhurried import Unhurried

NOISES_DB: tuple[float | None, ...] = (None, 20.0, 10.0, 5.0)
"""None: a quiet line."""


def measure(
    clips: Sequence[Clip],
    hearing: Hearing,
    noises_db: Sequence[float | None] = NOISES_DB,
    *,
    draws: int = 1,
    second: Unhurried | None = None,
    progress: Callable[[], None] = lambda: None,
) -> Iterator[Outcome]:
    """One outcome a clip, noise and draw of it. Models are loaded before the first.

    `second` is what `hearing` asks: its processor time is counted too.
    """
    for language in {clip.language for clip in clips}:
        hearing.warm(language).result()
    for noise_db, draw in product(noises_db, range(draws)):
        for clip in clips:
            talkers = [other for other in clips if other.language == clip.language]
            said = say(clip, noise_db, talkers, draw)
            answer = ask(said, clip.language, hearing)
            if second is not None:
                answer = answer.with_second(second.take_time_s())
            yield outcome(clip, noise_db, said.word_ends_ms, len(said.sound) / 8000, answer)
            progress()

# SPDX-License-Identifier: Apache-2.0
"""All clips of a folder, at every noise, through the hearing that serves calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

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
    second: Unhurried | None = None,
    progress: Callable[[], None] = lambda: None,
) -> Iterator[Outcome]:
    """One outcome a clip and noise. Models are loaded before the first.

    `second` is what `hearing` asks: its processor time is counted too.
    """
    for language in {clip.language for clip in clips}:
        hearing.warm(language).result()
    for noise_db in noises_db:
        for clip in clips:
            talkers = [other for other in clips if other.language == clip.language]
            said = say(clip, noise_db, talkers)
            answer = ask(said, clip.language, hearing)
            if second is not None:
                answer = answer.with_second(second.take_time_s())
            yield outcome(clip, noise_db, said.word_ends_ms, len(said.sound) / 8000, answer)
            progress()

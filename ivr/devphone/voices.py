# SPDX-License-Identifier: Apache-2.0
"""Which `<Say>` voices speak which languages (a wrong pair makes Twilio's `<Say>` fail)."""

from __future__ import annotations

_BASIC = frozenset({"", "man", "woman"})
_LANGUAGES = frozenset({"ko-KR", "en-US"})
_POLLY = {
    "ko-KR": frozenset({"Polly.Seoyeon", "Polly.Seoyeon-Neural"}),
    "en-US": frozenset({"Polly.Joanna", "Polly.Joanna-Neural", "Polly.Joanna-Generative"}),
}
_GOOGLE_KINDS = ("Standard-", "Wavenet-", "Neural2-", "Chirp3-HD-")


def known_voice(voice: str, language: str) -> bool:
    """Does this voice, or the language's own if empty, speak `language`?"""
    if language not in _LANGUAGES:
        return False
    google = tuple(f"Google.{language}-{kind}" for kind in _GOOGLE_KINDS)
    return voice in _BASIC or voice in _POLLY[language] or voice.startswith(google)

# SPDX-License-Identifier: Apache-2.0
"""Korean particles that follow the sound before them: 은/는, 이/가, 을/를, 과/와, 이나/나.

A prompt writes both, `[은/는]`, right after a slot; the word that stands there decides.
"""

from __future__ import annotations

import re

PAIR = re.compile(r"(.?)\[(\w+)/(\w+)\]")
FIRST_SYLLABLE, LAST_SYLLABLE = "가", "힣"
FINALS = 28  # Unicode orders syllables so that every 28th has no final consonant


def settle(text: str) -> str:
    """`text` with every `[with/without]` replaced by the one that fits.

    `"칠[은/는]"` is `"칠은"`, `"이[은/는]"` is `"이는"`.
    """
    return PAIR.sub(lambda pair: pair[1] + pair[2 if ends_in_consonant(pair[1]) else 3], text)


def ends_in_consonant(syllable: str) -> bool:
    """Whether a Hangul syllable has a final consonant; anything else has none."""
    if not FIRST_SYLLABLE <= syllable <= LAST_SYLLABLE or len(syllable) != 1:
        return False
    return (ord(syllable) - ord(FIRST_SYLLABLE)) % FINALS != 0

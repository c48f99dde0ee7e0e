# SPDX-License-Identifier: Apache-2.0
"""English as speech sounds: a few dozen words, as Americans and Britons say them.

The symbols are those of Kokoro's voices, of which some stand for two sounds: A as in day, I as in
my, O as in no, W as in now, Y as in boy.
"""

from __future__ import annotations

from itertools import product

from training.speech.phones import Phones

PHONES = Phones(
    "AIOWYbdfhijklmnpstuvwzæðŋɑɔəɛɜɡɪɹʃʊʌʒʤʧθ",
    {
        **dict.fromkeys(" ˈˌː.,?!", ""),
        **{"Q": "O", "a": "æ", "ɒ": "ɑ", "ɾ": "t", "ʔ": "t", "ᵊ": "ə", "ᵻ": "ɪ", "T": "t"},
    },
)
"""What the network tells apart: neither stress nor length, and one o of the two accents."""

_WORDS = {
    "again": "əɡɛn", "backwards": "bækwəɹdz bækwədz", "by": "bI", "cancel": "kænsəl",
    "correct": "kəɹɛkt", "data": "dAtə", "delete": "dəlit dɪlit", "digit": "dɪʤət dɪʤɪt",
    "down": "dWn", "eight": "At", "eighteenth": "Atinθ Attinθ", "eighth": "Aθ Atθ",
    "eleventh": "əlɛvənθ ɪlɛvənθ ɪlɛvnθ", "exactly": "ɪɡzæktli", "faster": "fæstəɹ fɑstə",
    "fifteenth": "fɪftinθ", "fifth": "fɪfθ fɪθ", "first": "fɜɹst fɜst", "five": "fIv",
    "forget": "fəɹɡɛt fəɡɛt", "four": "fɔɹ fɔ", "fourteenth": "fɔɹtinθ fɔtinθ",
    "fourth": "fɔɹθ fɔθ", "goodbye": "ɡʊdbI", "help": "hɛlp", "in": "ɪn",
    "incorrect": "ɪnkəɹɛkt", "is": "ɪz", "it": "ɪt", "korean": "kəɹiən kɔɹiən", "link": "lɪŋk",
    "me": "mi", "my": "mI", "nah": "næ nɑ", "nine": "nIn", "nineteenth": "nIntinθ",
    "ninth": "nInθ", "no": "nO", "nope": "nOp", "not": "nɑt", "oh": "O", "one": "wʌn",
    "please": "pliz", "repeat": "ɹəpit ɹipit ɹɪpit", "reverse": "ɹəvɜɹs ɹɪvɜs", "right": "ɹIt",
    "say": "sA", "second": "sɛkənd", "send": "sɛnd", "seven": "sɛvən sɛvn",
    "seventeenth": "sɛvəntinθ sɛvntinθ", "seventh": "sɛvənθ sɛvnθ", "six": "sɪks",
    "sixteenth": "sɪkstinθ", "sixth": "sɪksθ sɪkθ", "slow": "slO", "slower": "slOəɹ slOə",
    "speak": "spik", "speed": "spid", "stop": "stɑp", "sure": "ʃʊɹ ʃɔ", "tenth": "tɛnθ",
    "thank": "θæŋk", "that": "ðæt", "that's": "ðæts", "the": "ðə ði", "third": "θɜɹd θɜd",
    "thirteenth": "θɜɹtinθ θɜtinθ", "three": "θɹi", "twelfth": "twɛlfθ twɛlθ",
    "twentieth": "twɛntiəθ twɛniəθ", "two": "tu", "up": "ʌp", "wrong": "ɹɔŋ ɹɑŋ",
    "yeah": "jɛə jæ jɛ", "yep": "jɛp", "yes": "jɛs", "you": "ju", "yup": "jʌp",
    "zero": "zɪɹO zɪəɹO",
}  # fmt: skip


def ways(phrase: str) -> tuple[str, ...]:
    """All ways to say `phrase`. Raises `ValueError` for a word that is not among ours."""
    unknown = [word for word in phrase.split() if word not in _WORDS]
    if unknown:
        raise ValueError(f"no pronunciation of {', '.join(unknown)}: add it to {__name__}")
    said = [_WORDS[word].split() for word in phrase.split()]
    return tuple(dict.fromkeys("".join(words) for words in product(*said)))

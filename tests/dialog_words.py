# SPDX-License-Identifier: Apache-2.0
"""`python -m tests.dialog_words`: the words beside each prompt that the dialogs name.

They are comments, so that a dialog can be read without the catalogue; a test holds them to it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from ivr.catalogue import load

DIALOGS = sorted((Path(__file__).parent / "dialogs").glob("*.toml"))
HEARS = re.compile(r'(?P<key>(?:hears|unspoken|texted) = )(?P<names>"\w+"|\[[^]]*\])[^\n]*')
SLOT = re.compile(r"\{[^}]*\}")
PARTICLE = re.compile(r"\[([^]/]*)/([^]]*)\]")  # [이/가] is usually written 이(가)


def with_words(text: str) -> str:
    """`text` of a dialog with the words of each prompt beside it, in the language spoken then."""
    language = tomllib.loads(text)["language"]
    parts = []
    for part in re.split(r"(?m)^(?=\[\[turn\]\]|\[end\])", text):
        turn = "[[turn]]" in part
        changed = re.search(r'(?m)^language = "(\w+)"', part) if turn else None
        language = changed[1] if changed else language
        parts.append(HEARS.sub(lambda found, at=language: _told(found, load(at).prompts), part))
    return "".join(parts)


def _told(found: re.Match[str], prompts: Mapping[str, str]) -> str:
    names = re.findall(r'"(\w+)"', re.sub(r"#[^\n]*", "", found["names"]))
    words = [f"# {_plain(prompts[name])}" for name in names]
    if not found["names"].startswith("["):
        return f'{found["key"]}"{names[0]}"  {words[0]}'
    lines = [f'  "{name}",  {said}\n' for name, said in zip(names, words, strict=True)]
    return f"{found['key']}[\n{''.join(lines)}]"


def _plain(prompt: str) -> str:
    return PARTICLE.sub(r"\1(\2)", SLOT.sub("…", prompt))


if __name__ == "__main__":
    for path in DIALOGS:
        path.write_text(with_words(path.read_text("utf-8")), "utf-8")

# SPDX-License-Identifier: Apache-2.0
"""What happened beside what is written. Everything here raises LeftTheScript."""

from __future__ import annotations

from collections.abc import Callable

from ivr.catalogue import load
from ivr.devphone.transcript import Entry
from ivr.dialog.types import Say
from ivr.rehearsal.acquaintance import known
from ivr.rehearsal.attention import Attention, LeftTheScript
from ivr.rehearsal.dialog import End, Turn
from worker.store import Store

_MISSES = ("silent_", "unclear_")
_UNCLEAR = ("unclear_1", "unclear_2")


def hear(
    attention: Attention, turn: Turn, language: str, again: Callable[[], None] | None = None
) -> None:
    """Wait for what a turn hears, and compare the words.

    `again` says once more what was said last, for when it was not understood: a voice that is
    made and a recogniser do not always agree, as people do not.
    """
    before = attention.heard
    for name in turn.hears:
        _await_prompt(attention, name, turn.hears, again)
    heard = attention.since(before)
    spoken = " ".join(entry.text for entry in heard)
    for words in turn.spoken:
        if words not in spoken:
            raise LeftTheScript(f"“{words}” was to be spoken, not “{spoken}”")
    if heard:
        _check_language(heard[-1], language)


def _await_prompt(
    attention: Attention, name: str, wanted: tuple[str, ...], again: Callable[[], None] | None
) -> None:
    """A miss that is not in the script has left it: nobody need wait any longer."""
    answered: set[Entry] = set()

    def is_it(entry: Entry) -> bool:
        if entry.prompt.startswith(_MISSES) and entry.prompt not in wanted:
            if again is None or entry.prompt not in _UNCLEAR:
                raise LeftTheScript(f"{name} was to come, not {entry.prompt}")
            if entry not in answered:
                answered.add(entry)
                again()
        return entry.prompt == name

    attention.wait(lambda: attention.look_for(is_it), name)


def _check_language(entry: Entry, language: str) -> None:
    """A prompt that is the same every time is in the language it should be in."""
    catalogue = load(language)
    if "{" in catalogue.prompts[entry.prompt]:
        return
    words = catalogue.text(Say(entry.prompt))
    if entry.text != words:
        raise LeftTheScript(f"“{words}” was to be said, not “{entry.text}”")


def part(attention: Attention, end: End, store: Store, number: str, language: str) -> None:
    """Compare what has come of it; some of it comes a moment after the call."""
    said = [entry.prompt for entry in attention.said]
    if said[-1:] != [end.hears]:
        raise LeftTheScript(f"{end.hears} was to be the last, not {', '.join(said[-1:])}")
    never = set(said) & set(end.unspoken)
    if never:
        raise LeftTheScript(f"not to be said: {', '.join(sorted(never))}")
    kept = sorted(end.kept)
    attention.wait(lambda: attention.labels == kept, lambda: f"{kept}, not {attention.labels}")
    attention.wait(lambda: _has_texted(attention, end, language), f"texts: {list(end.texted)}")
    attention.wait(
        lambda: _is_remembered(end, store, number),
        lambda: f"what is remembered, not {known(store, number)}",
    )


def _has_texted(attention: Attention, end: End, language: str) -> bool:
    texts = [e.text for e in attention.entries if (e.who, e.kind) == ("service", "texted")]
    wanted = [load(language).text(Say(name)) for name in end.texted]
    # Behind its words a text may have a link, which is another one each time.
    return len(texts) == len(wanted) and all(map(str.startswith, texts, wanted))


def _is_remembered(end: End, store: Store, number: str) -> bool:
    now = known(store, number)
    if now is None or end.forgotten:
        return now is None and end.forgotten
    wanted = {"language": end.language, "consent": end.consent, "slowness": end.slowness}
    return all(value is None or getattr(now, name) == value for name, value in wanted.items())

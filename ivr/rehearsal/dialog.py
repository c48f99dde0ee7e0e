# SPDX-License-Identifier: Apache-2.0
"""A call written down as a dialogue: what is heard, what the caller does, what comes of it.

One TOML file a call; `docs/dialog.md` shows one.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from ivr.catalogue import load

DEEDS = (
    "texts", "rings", "is_rung", "says", "says_over", "presses", "hums_s", "is_silent", "hangs_up",
)  # fmt: skip


def _listed(given: object) -> object:
    return [given] if isinstance(given, str) else given


Words = Annotated[tuple[str, ...], BeforeValidator(_listed)]
"""One string, or several."""


class DialogError(ValueError):
    """A file that is no dialog: says which, and what is wrong in it."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Turn(_Strict):
    """What the service says, then one thing the caller does.

    `hears` are prompts in this order, not necessarily all that are said; the last is waited for.
    `spoken` are words that must be among what was said since the turn before. `language` is the one
    the service speaks from here on. What the caller does is one of `DEEDS`: `texts` photos by name,
    `rings`, lets the telephone ring and picks it up (`is_rung`), `says` words when the service has
    finished or `says_over` it, `presses` keys at once, hums, says nothing until the next turn
    (`is_silent`), or `hangs_up`.
    """

    hears: Words = ()
    spoken: Words = ()
    language: str = ""
    texts: Words = ()
    rings: Literal[True] | None = None
    is_rung: Literal[True] | None = None
    says: str = ""
    says_over: str = ""
    presses: str = ""
    hums_s: float = 0
    is_silent: Literal[True] | None = None
    hangs_up: Literal[True] | None = None

    @property
    def deed(self) -> str:
        """The one of `DEEDS` that the caller does, or nothing."""
        return next((deed for deed in DEEDS if getattr(self, deed)), "")

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        done = [deed for deed in DEEDS if getattr(self, deed)]
        if len(done) > 1:
            raise ValueError(f"a turn has one of {', '.join(done)}")
        return self


class End(_Strict):
    """What must have come of the call.

    `hears` is the last prompt, `kept` the labels as `482915, confirmed, by voice`, `unspoken` the
    prompts that must not have been said, `texted` the prompts that came as texts. Of what is
    remembered about the caller, only what is named is looked at.
    """

    hears: str
    kept: tuple[str, ...] = ()
    unspoken: Words = ()
    texted: Words = ()
    language: str | None = None
    consent: bool | None = None
    slowness: int | None = None
    forgotten: bool = False


class Dialog(_Strict):
    """One story: usually one call.

    `caller` has called before when `regular`; `consent` is what they said then, or `test_consent`
    when they were chosen to have new models tried on their photos. A `patient` caller hears
    us out before pressing a key. With `stream` False no media stream can be opened: Twilio's own
    voice and keys are all there is.
    """

    story: str
    language: str
    caller: Literal["first-time", "regular"] = "first-time"
    consent: bool | None = None
    test_consent: bool | None = None
    patient: bool = False
    stream: bool = True
    turn: tuple[Turn, ...] = Field(min_length=2)
    end: End

    @model_validator(mode="after")
    def _known_prompts(self) -> Self:
        named = {name for turn in self.turn for name in turn.hears}
        named |= {self.end.hears, *self.end.unspoken, *self.end.texted}
        unknown = named - set(load(self.language).prompts)
        if unknown:
            raise ValueError(f"the catalogue has no prompt {', '.join(sorted(unknown))}")
        return self


def read_dialog(path: Path) -> Dialog:
    """The dialog in a TOML file. Raises DialogError, and OSError when there is none."""
    try:
        return Dialog.model_validate(tomllib.loads(path.read_text("utf-8")))
    except ValueError as error:  # pydantic's and tomllib's errors are both
        raise DialogError(f"{path}: {error}") from error

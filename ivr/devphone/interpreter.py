# SPDX-License-Identifier: Apache-2.0
"""Runs TwiML on an answered call."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

from ivr.devphone.call import Call, CallEnded, Equipment, FromUrl, Inline, Moved, Source
from ivr.devphone.gather import gather_keys
from ivr.devphone.line import Line
from ivr.devphone.playout import FRAME_S, QUIET_FRAME
from ivr.devphone.stream import MediaStream
from ivr.devphone.twiml import (
    Connect,
    Gather,
    Hangup,
    Pause,
    Redirect,
    Reject,
    Say,
    TwimlError,
    Verb,
    parse,
)

_MOST_DOCUMENTS = 200  # a document that redirects to itself ends here


class Interpreter:
    """Fetches documents for one call and performs their verbs, one after the other."""

    def __init__(
        self, call: Call, line: Line, equipment: Equipment, *, on_answer: Callable[[Call], None]
    ) -> None:
        self._call = call
        self._line = line
        self._equipment = equipment
        self._on_answer = on_answer
        self._base = ""

    def run(self, source: Source) -> None:
        """Go on until there is nothing left to do: then the call is to be hung up.

        Raises `CallEnded` when it ended otherwise, `TwimlError` and `WebhookError`.
        """
        for _ in range(_MOST_DOCUMENTS):
            try:
                following = self._perform_all(self._fetch(source))
            except Moved as moved:
                following = moved.source
            if following is None:
                return
            source = following
        raise TwimlError(11215, f"more than {_MOST_DOCUMENTS} documents in one call")

    def say_aloud(self, say: Say) -> None:
        """Speak and wait until it has been heard."""
        self._queue(say)
        self._play_out()

    def _fetch(self, source: Source) -> tuple[Verb, ...]:
        if isinstance(source, Inline):
            self._base = ""
            return parse(source.document)
        parameters = self._call.parameters(self._equipment.account_sid) | dict(source.extra)
        self._base = source.url
        return parse(
            self._equipment.webhooks.document(
                source.url, parameters, method=source.method, call=self._call.sid
            )
        )

    def _perform_all(self, verbs: tuple[Verb, ...]) -> Source | None:
        for verb in verbs:
            self._answer_unless_rejected(verb)
            following = self._perform(verb)
            if following is not None or isinstance(verb, Hangup):
                return following
        return None

    def _answer_unless_rejected(self, verb: Verb) -> None:
        """An incoming call is answered by its first verb, unless that is `<Reject>`."""
        if self._call.answered_at is None:
            if isinstance(verb, Reject):
                raise CallEnded
            self._on_answer(self._call)

    def _perform(self, verb: Verb) -> Source | None:
        match verb:
            case Say() | Pause():
                self._queue(verb)
                self._play_out()
            case Gather():
                return self._gather(verb)
            case Connect():
                MediaStream(self._call, self._line.playout, self._equipment).run(verb.stream)
                return self._address(verb.action, verb.method) if verb.action else None
            case Redirect():
                return self._address(verb.url, verb.method)
            case Hangup():
                return None
            case _:
                raise TwimlError(12200, f"<{type(verb).__name__}> cannot be done in a live call")
        return None

    def _gather(self, gather: Gather) -> Source | None:
        for prompt in gather.prompts:
            self._queue(prompt)
        gathered = gather_keys(gather, self._line.playout, self._call.tick)
        if not gathered.digits and not gather.action_on_empty:
            return None
        action = self._address(gather.action, gather.method)
        return FromUrl(action.url, action.method, gathered.parameters())

    def _queue(self, sound: Say | Pause) -> None:
        if isinstance(sound, Pause):
            self._line.playout.add(QUIET_FRAME * round(sound.length_s / FRAME_S))
            return
        spoken = self._equipment.speak_aloud(sound.text, sound.language.split("-")[0])
        self._equipment.log.add("spoken", call=self._call.sid, text=sound.text)
        self._line.playout.add(spoken * max(1, sound.loop))

    def _play_out(self) -> None:
        while not self._line.playout.empty:
            self._call.tick()

    def _address(self, url: str, method: str) -> FromUrl:
        """Absolute, as from the document it stands in; empty means that document again."""
        whole = urljoin(self._base, url)
        if not urlsplit(whole).netloc:
            raise TwimlError(11100, f"{url!r} is relative, but the TwiML was given inline")
        return FromUrl(whole, method)

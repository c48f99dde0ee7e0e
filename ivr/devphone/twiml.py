# SPDX-License-Identifier: Apache-2.0
"""TwiML documents as verbs, read strictly: what is not known here is an error, not a warning.

Twilio skips unknown attributes with a warning in its console, which nobody on a phone hears.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from ivr.devphone.voices import known_voice

_LONGEST_SAY = 4096


class TwimlError(Exception):
    """A document that Twilio would refuse or misunderstand; `code` is Twilio's."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Say:
    text: str
    language: str = "en-US"
    voice: str = ""
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Pause:
    length_s: float = 1


@dataclass(frozen=True, slots=True)
class Gather:
    """Keys only: what the product hears, it hears through the media stream."""

    prompts: tuple[Say | Pause, ...]
    action: str = ""
    method: str = "POST"
    num_digits: int = 0  # 0: any number
    finish_on_key: str = "#"
    timeout_s: float = 5
    action_on_empty: bool = False


@dataclass(frozen=True, slots=True)
class Stream:
    url: str
    name: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Connect:
    stream: Stream
    action: str = ""
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Redirect:
    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Hangup:
    pass


@dataclass(frozen=True, slots=True)
class Reject:
    reason: str = "rejected"


@dataclass(frozen=True, slots=True)
class Message:
    body: str


Verb = Say | Pause | Gather | Connect | Redirect | Hangup | Reject | Message


def parse(document: str) -> tuple[Verb, ...]:
    """The verbs of a document in order. Raises `TwimlError`."""
    if not document.strip():
        raise TwimlError(11770, "Empty response body")
    try:
        root = ElementTree.fromstring(document)
    except ElementTree.ParseError as error:
        raise TwimlError(12100, f"Document parse failure: {error}") from error
    if root.tag != "Response":
        raise TwimlError(12102, f"Root element is <{root.tag}>, not <Response>")
    _attributes(root)
    return tuple(_verb(child) for child in root)


def _verb(element: Element) -> Verb:
    read = _READERS.get(element.tag)
    if read is None:
        raise TwimlError(12200, f"<{element.tag}> is not a verb that may stand here")
    try:
        return read(element)
    except (ValueError, KeyError) as error:
        raise TwimlError(12200, f"<{element.tag}> is malformed: {error}") from error


def _say(element: Element) -> Say:
    given = _attributes(element, "language", "voice", "loop")
    text = re.sub(r"\s+", " ", _words(element)).strip()
    if not text or len(text) > _LONGEST_SAY:
        raise TwimlError(13521, f"<Say> has {len(text)} characters; 1 to {_LONGEST_SAY} may stand")
    language, voice = given.get("language", "en-US"), given.get("voice", "")
    if not known_voice(voice, language):
        raise TwimlError(13520, f"<Say> voice {voice!r} does not speak {language!r}")
    return Say(text, language, voice, int(given.get("loop", "1")))


def _words(element: Element) -> str:
    if len(element):
        raise TwimlError(12200, f"<{element.tag}> holds words only, not <{element[0].tag}>")
    return element.text or ""


def _pause(element: Element) -> Pause:
    return Pause(float(_empty(element, "length").get("length", "1")))


def _gather(element: Element) -> Gather:
    given = _attributes(
        element, "input", "action", "method", "numDigits", "finishOnKey", "timeout",
        "actionOnEmptyResult",
    )  # fmt: skip
    if given.get("input", "dtmf") != "dtmf":
        raise TwimlError(12200, "the dev phone gathers keys only: input must be dtmf")
    if any(child.tag not in ("Say", "Pause") for child in element):
        raise TwimlError(12200, "<Gather> holds <Say> and <Pause> only")
    return Gather(
        prompts=tuple(_say(c) if c.tag == "Say" else _pause(c) for c in element),
        action=given.get("action", ""),
        method=_method(given),
        num_digits=int(given.get("numDigits", "0")),
        finish_on_key=given.get("finishOnKey", "#"),
        timeout_s=float(given.get("timeout", "5")),
        action_on_empty=given.get("actionOnEmptyResult", "false") == "true",
    )


def _connect(element: Element) -> Connect:
    given = _attributes(element, "action", "method")
    if [child.tag for child in element] != ["Stream"]:
        raise TwimlError(12200, "<Connect> holds exactly one <Stream>")
    return Connect(_stream(element[0]), given.get("action", ""), _method(given))


def _stream(element: Element) -> Stream:
    given = _attributes(element, "url", "name")
    if "?" in given.get("url", "?"):
        raise TwimlError(31923, "<Stream> needs a url, without a query: use <Parameter>")
    parameters = {}
    for child in element:
        if child.tag != "Parameter":
            raise TwimlError(12200, f"<Stream> holds <Parameter>s, not <{child.tag}>")
        pair = _empty(child, "name", "value")
        if len(pair.get("name", "")) + len(pair.get("value", "")) >= 500:
            raise TwimlError(12200, "<Parameter>: name and value together are under 500 characters")
        parameters[pair["name"]] = pair["value"]
    return Stream(given["url"], given.get("name", ""), parameters)


def _redirect(element: Element) -> Redirect:
    given = _attributes(element, "method")
    return Redirect(_words(element).strip(), _method(given))


def _hangup(element: Element) -> Hangup:
    _empty(element)
    return Hangup()


def _reject(element: Element) -> Reject:
    return Reject(_empty(element, "reason").get("reason", "rejected"))


def _message(element: Element) -> Message:
    _attributes(element)
    return Message(_words(element).strip())


def _method(given: Mapping[str, str]) -> str:
    method = given.get("method", "POST")
    if method not in ("GET", "POST"):
        raise TwimlError(12200, f"method {method!r} is neither GET nor POST")
    return method


def _empty(element: Element, *allowed: str) -> Mapping[str, str]:
    given = _attributes(element, *allowed)
    if len(element) or (element.text or "").strip():
        raise TwimlError(12200, f"<{element.tag}> must be empty")
    return given


def _attributes(element: Element, *allowed: str) -> Mapping[str, str]:
    unknown = sorted(set(element.keys()) - set(allowed))
    if unknown:
        raise TwimlError(12200, f"<{element.tag}> has no attribute {', '.join(unknown)}")
    return dict(element.items())


_READERS: Mapping[str, Callable[[Element], Verb]] = {
    "Say": _say,
    "Pause": _pause,
    "Gather": _gather,
    "Connect": _connect,
    "Redirect": _redirect,
    "Hangup": _hangup,
    "Reject": _reject,
    "Message": _message,
}

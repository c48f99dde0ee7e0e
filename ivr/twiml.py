# SPDX-License-Identifier: Apache-2.0
"""What Twilio is told to do, as TwiML, through Twilio's own classes, which escape.

Addresses are absolute: the same document may be fetched or handed over with a REST call.
"""

from __future__ import annotations

from collections.abc import Sequence

from twilio.twiml import TwiML
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Connect, Gather, VoiceResponse

from ivr.catalogue import Catalogue
from ivr.dialog.types import Action, Expect, HangUp, Listen, Say
from ivr.settings import Settings

FULL_STOP_FROM_MS = 400  # a longer pause reads as the end of a sentence, a shorter as a comma
NEXT_KEY_S = 2  # a lone key answers after this long: the keys of a number come faster


def nothing() -> str:
    """No reply to a message."""
    return str(MessagingResponse())


def text_reply(body: str) -> str:
    response = MessagingResponse()
    response.message(body)
    return str(response)


def stream(settings: Settings, call_id: int, token: str) -> str:
    """Talk over a media stream; when it ends, for whatever reason, ask what comes next."""
    after = _url(settings, f"/voice/after/{call_id}")
    connect = Connect(action=after, method="POST")
    media = connect.stream(url=settings.stream_url())
    media.parameter(name="call", value=str(call_id))
    media.parameter(name="token", value=token)
    response = VoiceResponse()
    response.append(connect)
    response.redirect(after, method="POST")
    return str(response)


def keypad(
    settings: Settings, call_id: int, version: int, actions: Sequence[Action], words: Catalogue
) -> str:
    """Carry `actions` out by Twilio's voice and the keys, without a media stream.

    `version` names the question, so that its answer, delivered twice, counts once.
    """
    response = VoiceResponse()
    listen = next((action for action in actions if isinstance(action, Listen)), None)
    keys = _url(settings, f"/voice/keys/{call_id}?version={version}")
    spoken = response if listen is None else _gather(listen, keys)
    for action in actions:
        if isinstance(action, Say):
            _say(spoken, action, words)
    if listen is not None:
        _wait(spoken, listen)
        response.append(spoken)
        response.redirect(keys, method="POST")
    if any(isinstance(action, HangUp) for action in actions):
        response.hangup()
    return str(response)


def farewell(words: Catalogue, prompt: str) -> str:
    """Say one thing and end the call."""
    response = VoiceResponse()
    _say(response, Say(prompt), words)
    response.hangup()
    return str(response)


def hang_up() -> str:
    response = VoiceResponse()
    response.hangup()
    return str(response)


def _gather(listen: Listen, keys: str) -> Gather:
    one_key = {"num_digits": 1, "finish_on_key": ""}
    until_pound = {"finish_on_key": "#"}
    return Gather(
        input="dtmf",
        action=keys,
        method="POST",
        timeout=NEXT_KEY_S if listen.expect is Expect.YES_NO else round(listen.timeout_s),
        action_on_empty_result=True,
        **(one_key if listen.expect in (Expect.PHOTO, Expect.KEY) else until_pound),
    )


def _wait(gather: TwiML, listen: Listen) -> None:
    """Twilio's one timeout is for the first key and for the next; a pause before it, which any
    key ends, gives the first as long as it needs."""
    if listen.expect is Expect.YES_NO:
        gather.pause(length=round(listen.timeout_s) - NEXT_KEY_S)


def _say(into: TwiML, say: Say, words: Catalogue) -> None:
    """Digits stand between commas, or Twilio's voice reads them as one number.

    Not every voice takes a rate: a slower pace makes pauses of the longer silences.
    """
    text = ""
    for segment in words.render(say):
        ends = segment.pause_ms >= FULL_STOP_FROM_MS
        text += f" {segment.text}" + ("" if segment.text[-1] in ".?!" else "." if ends else ",")
        if ends and say.pace < 1:
            into.say(text.strip(), language=words.locale, voice=words.voice)
            into.pause(length=1)
            text = ""
    if text:
        into.say(text.strip(), language=words.locale, voice=words.voice)


def _url(settings: Settings, path: str) -> str:
    return settings.public_url.rstrip("/") + path

# SPDX-License-Identifier: Apache-2.0
"""A handset texts the service: keeps the media, calls the messaging webhook, delivers replies."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.devphone.account import STOP_WORDS, Account, Media, Message
from ivr.devphone.events import EventLog
from ivr.devphone.settings import PhoneSettings
from ivr.devphone.sids import new_sid
from ivr.devphone.twiml import Message as Reply
from ivr.devphone.twiml import TwimlError, parse
from ivr.devphone.webhook import WebhookError, Webhooks


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as the telephone sends it; its media answers 404 `late` times first."""

    content_type: str
    data: bytes
    late: int = 0


class Texting:
    """The provider's way in for texts."""

    def __init__(
        self, settings: PhoneSettings, account: Account, webhooks: Webhooks, log: EventLog
    ) -> None:
        self._settings = settings
        self._account = account
        self._webhooks = webhooks
        self._log = log

    def text(self, number: str, body: str, attachments: list[Attachment]) -> Message:
        """Text the service and wait for its webhook. Raises `WebhookError` or `TwimlError`."""
        media = [Media(new_sid("ME"), a.content_type, a.data, a.late) for a in attachments]
        message = self._account.add_message(
            number, self._settings.twilio_number, body, "inbound", media
        )
        self._log.add("text_sent", number=number, text=body, photos=len(media), sid=message.sid)
        self._account.note_keyword(number, body)
        try:
            self._deliver(message)
        except (WebhookError, TwimlError) as error:
            self._log.add("error", code=error.code, message=str(error))
            raise
        return message

    def _deliver(self, message: Message) -> None:
        document = self._webhooks.document(self._settings.message_url, self._form(message))
        for verb in parse(document):
            if not isinstance(verb, Reply):
                raise TwimlError(12200, f"<{type(verb).__name__}> may not answer a text")
            if self._account.has_stopped(message.from_number):
                word = message.body.strip().upper()
                when = "to STOP" if word in STOP_WORDS else "after STOP"
                raise TwimlError(21610, f"the service replied {when}")
            self._log.add("text_received", number=message.from_number, text=verb.body)

    def _form(self, message: Message) -> dict[str, str]:
        """The webhook's parameters; media addresses stand on the API's own host."""
        form = {
            "AccountSid": self._settings.twilio_account_sid,
            "ApiVersion": "2010-04-01",
            "Body": message.body,
            "From": message.from_number,
            "MessageSid": message.sid,
            "NumMedia": str(len(message.media)),
            "NumSegments": "1",
            "SmsMessageSid": message.sid,
            "SmsSid": message.sid,
            "SmsStatus": "received",
            "To": message.to_number,
        }
        folder = (
            f"{self._settings.api_url}/2010-04-01/Accounts/{self._settings.twilio_account_sid}"
            f"/Messages/{message.sid}/Media"
        )
        for index, media in enumerate(message.media.values()):
            form[f"MediaUrl{index}"] = f"{folder}/{media.sid}"
            form[f"MediaContentType{index}"] = media.content_type
        return form

# SPDX-License-Identifier: Apache-2.0
"""The record of one reading, as tables.

`Message` → `Photo` → `StoredReading` → `Call` → `Turn`s → `Confirmation` → `Sample`s (which
link to nothing). Whatever holds digits or a telephone number is encrypted at rest and wiped by
retention; numbers are found again by a keyed hash. Times are UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, ForeignKey, MetaData, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from worker.crypto import EncryptedJSON


def utcnow() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


class Channel(StrEnum):
    """The way a message came in."""

    MMS = "mms"
    WHATSAPP = "whatsapp"
    UPLOAD = "upload"  # the camera page
    API = "api"  # an application, which asks for the reading itself: nobody is rung


class PhotoState(StrEnum):
    PENDING = "pending"  # known, nobody works on it
    CLAIMED = "claimed"  # a worker fetches or reads it; the claim lapses after `lease_s`
    READ = "read"  # a reading is stored
    LOST = "lost"  # the provider no longer has it; the caller is asked to send it again


class CallStatus(StrEnum):
    """Twilio's words for where a call stands; `queued` and `placing` are ours, before it rings."""

    QUEUED = "queued"
    PLACING = "placing"  # a worker is asking Twilio; the claim lapses after `lease_s`
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"


class TextStatus(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"  # refused for good, or the caller has stopped


class Label(StrEnum):
    """How a confirmation was given, which is what its digits are worth as labels."""

    KEYED = "keyed"  # typed by someone who said they know the number
    SPOKEN = "spoken"
    CONFIRMED = "confirmed"  # "yes", and they know the number
    UNVERIFIED = "unverified"  # "yes", but they cannot check
    DENIED = "denied"  # "no", without a correction: a complementary label


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=False),
        dict[str, Any]: JSON,
    }


class Caller(Base):
    """A telephone number that texted or rang.

    `secret` holds {"number": E.164, "address": where texts go, e.g. `whatsapp:+82…`}; it is
    None once wiped, and filled again when the number gets in touch again.
    """

    __tablename__ = "caller"
    id: Mapped[int] = mapped_column(primary_key=True)
    number_hash: Mapped[str] = mapped_column(String(64), unique=True)
    secret: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJSON)
    language: Mapped[str] = mapped_column(String(8))
    consent: Mapped[bool | None]  # may digits be kept for training? None: not asked yet
    test_consent: Mapped[bool | None]  # may whole photos be kept, to try new models on them?
    slowness: Mapped[int] = mapped_column(default=0)  # steps slower than normal; below 0, faster
    stopped_at: Mapped[datetime | None]  # texted STOP: no calls, no texts
    forget_at: Mapped[datetime | None]  # asked to be deleted, which follows the call
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    @property
    def number(self) -> str:
        return str((self.secret or {}).get("number", ""))

    @property
    def address(self) -> str:
        return str((self.secret or {}).get("address", ""))


class Message(Base):
    """One inbound MMS, WhatsApp message or upload."""

    __tablename__ = "message"
    id: Mapped[int] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(String(64), unique=True)
    caller_id: Mapped[int] = mapped_column(ForeignKey("caller.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str] = mapped_column(String(16))  # Channel
    received_at: Mapped[datetime] = mapped_column(default=utcnow)
    claimed_at: Mapped[datetime | None]  # when delivery was last tried or queued again
    told_at: Mapped[datetime | None]  # its readings were spoken to the caller
    erased_at: Mapped[datetime | None]  # the provider's copy is gone
    caller: Mapped[Caller] = relationship()
    photos: Mapped[list[Photo]] = relationship(order_by="Photo.position")


class Photo(Base):
    """One picture of a message; its bytes lie encrypted in object storage until `expires_at`."""

    __tablename__ = "photo"
    __table_args__ = (UniqueConstraint("message_id", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(
        ForeignKey("message.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]  # 0 to 9
    media_sid: Mapped[str | None] = mapped_column(String(64))  # ME…; None for an upload
    state: Mapped[str] = mapped_column(String(16), default=PhotoState.PENDING, index=True)
    claimed_at: Mapped[datetime | None]  # when it was last claimed, or queued again
    attempts: Mapped[int] = mapped_column(default=0)  # claims that did not end in order
    object_key: Mapped[str | None] = mapped_column(String(128))  # None once deleted
    sha256: Mapped[str | None] = mapped_column(String(64))  # set once the object is there
    expires_at: Mapped[datetime]
    message: Mapped[Message] = relationship(back_populates="photos")
    reading: Mapped[StoredReading | None] = relationship(back_populates="photo")


class StoredReading(Base):
    """What the model made of a photo. `secret` is `vision.Reading.as_dict()`; None once wiped.

    `confidence` stays, so that one month's readings can be held against another's.
    """

    __tablename__ = "reading"
    id: Mapped[int] = mapped_column(primary_key=True)
    photo_id: Mapped[int] = mapped_column(ForeignKey("photo.id", ondelete="CASCADE"), unique=True)
    model: Mapped[str] = mapped_column(String(64))
    sure: Mapped[bool]
    confidence: Mapped[float | None]  # 0 to 1; None for a reading of before this was kept
    problems: Mapped[list[str]] = mapped_column(JSON)
    secret: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJSON)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    photo: Mapped[Photo] = relationship(back_populates="reading")


class Call(Base):
    """One telephone call. `secret` is the dialog's state (it holds digits), None once wiped.

    `delivers` makes ringing back idempotent: at most one call is ever placed for a message.
    `version` rises with every stored step, so that two webhooks cannot both take the same one.
    """

    __tablename__ = "call"
    id: Mapped[int] = mapped_column(primary_key=True)
    sid: Mapped[str | None] = mapped_column(String(64), unique=True)  # None until placed
    caller_id: Mapped[int] = mapped_column(ForeignKey("caller.id", ondelete="CASCADE"), index=True)
    delivers: Mapped[int | None] = mapped_column(
        ForeignKey("message.id", ondelete="SET NULL"), unique=True
    )
    direction: Mapped[str] = mapped_column(String(16))  # inbound, outbound
    status: Mapped[str] = mapped_column(String(16), default=CallStatus.QUEUED, index=True)
    claimed_at: Mapped[datetime | None]  # when placing or moving it was last tried, or queued again
    waiting: Mapped[bool] = mapped_column(default=False)  # live, and waiting for a photo
    attempts: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)
    secret: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJSON)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    ended_at: Mapped[datetime | None]
    caller: Mapped[Caller] = relationship()
    turns: Mapped[list[Turn]] = relationship(order_by="Turn.id")


class Turn(Base):
    """One thing that happened in a call.

    `data` never holds digits and is what operators see. `secret` holds {"text": …}, the words
    themselves, and is wiped with the photo.
    """

    __tablename__ = "turn"
    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(default=utcnow)
    who: Mapped[str] = mapped_column(String(16))  # service, caller, system
    kind: Mapped[str] = mapped_column(String(32))  # said, heard, keyed, silence, label, status …
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    secret: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJSON)


class Confirmation(Base):
    """What the caller said a reading is. `secret` holds {"text": digits, lines joined by `|`}."""

    __tablename__ = "confirmation"
    __table_args__ = (UniqueConstraint("call_id", "reading_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), index=True)
    reading_id: Mapped[int] = mapped_column(
        ForeignKey("reading.id", ondelete="CASCADE"), index=True
    )
    label: Mapped[str] = mapped_column(String(16))  # Label
    heard_by: Mapped[str] = mapped_column(String(16))  # voice, keys
    confidence: Mapped[float]  # of the recogniser, 0 to 1; 1 for keys
    agrees: Mapped[bool | None]  # with what was read; None when nobody knows any more
    secret: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJSON)
    sampled_at: Mapped[datetime | None]  # its digit crops were kept, or may not be
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class Text(Base):
    """One outgoing text message. `key` makes sending idempotent; the body never holds digits."""

    __tablename__ = "text"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    caller_id: Mapped[int] = mapped_column(ForeignKey("caller.id", ondelete="CASCADE"), index=True)
    body: Mapped[str] = mapped_column(String(1600))
    status: Mapped[str] = mapped_column(String(16), default=TextStatus.QUEUED, index=True)
    claimed_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sid: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class UploadLink(Base):
    """A one-time link to the camera page. The link itself is only in the text that was sent."""

    __tablename__ = "upload_link"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    caller_id: Mapped[int] = mapped_column(ForeignKey("caller.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))
    claimed_at: Mapped[datetime | None]  # an upload is being stored; the claim lapses
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[datetime]
    caller: Mapped[Caller] = relationship()
    message: Mapped[Message | None] = relationship()


class Sample(Base):
    """One digit crop for training, kept with the caller's consent and linked to nothing.

    Rows of one number are inserted in shuffled order and dated by the day, so that nobody can
    put the number together again. `value` is the digit itself, or for `denied` what it is not.
    """

    __tablename__ = "sample"
    __table_args__ = ({"sqlite_with_rowid": False},)  # a rowid would tell the order of insertion
    id: Mapped[str] = mapped_column(String(32), primary_key=True)  # random, unordered
    value: Mapped[int]
    label: Mapped[str] = mapped_column(String(16))  # Label
    object_key: Mapped[str] = mapped_column(String(128))
    day: Mapped[str] = mapped_column(String(10))  # YYYY-MM-DD

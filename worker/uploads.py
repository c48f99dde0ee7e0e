# SPDX-License-Identifier: Apache-2.0
"""One-time links to the camera page: given to a caller, redeemed by one upload.

A link brings one message. It is good again when that message turned out to be unreadable, so that
whoever is asked for a better photo can take it on the page that is still open.
"""

from __future__ import annotations

import hashlib
import secrets
import string
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import structlog
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from worker import inbox
from worker.links import photo_url
from worker.outstanding import DONE
from worker.queue import Job
from worker.records import Message, Text, UploadLink, utcnow
from worker.settings import Settings
from worker.store import Store, changed

log = structlog.get_logger(__name__)

# Letters alone: every telephone takes all of them for part of the address. 32 are 182 bits.
TOKEN_LENGTH = 32
HOUR = timedelta(hours=1)


class Standing(StrEnum):
    """What a link is good for."""

    OPEN = "open"
    BUSY = "busy"  # an upload through it is being stored at this moment
    USED = "used"  # it has brought a photo
    GONE = "gone"  # expired, or never given out: nobody is told which
    RECEIVED = "received"  # the answer to an upload that was taken


@dataclass(frozen=True, slots=True)
class Link:
    """A link as the page sees it. `language` is the caller's, empty when nobody knows whose."""

    standing: Standing
    language: str = ""


@dataclass(frozen=True, slots=True)
class _Claim:
    link_id: int
    address: str
    language: str


def invite(store: Store, caller_id: int) -> str | None:
    """The address of a new link; None when the caller got `links_per_hour` of them."""
    with store.session() as session:
        return _new_link(session, store.settings, caller_id)


def text_link(store: Store, caller_id: int, key: str, words: str, enough: str) -> int:
    """Text the caller `words` and a new link, once for each `key`; the text's id.

    `enough` is texted when they got `links_per_hour` already, once until there is another link.
    """
    with store.session() as session:
        known = _text_id(session, key)
        if known is not None:
            return known
        try:
            with session.begin_nested():
                text = _compose(session, store.settings, caller_id, key, words, enough)
                session.add(text)
        except IntegrityError:  # the same text at the same moment, or said before
            return session.scalars(select(Text.id).where(Text.key == text.key)).one()
    store.enqueue(Job.SEND_TEXT, text.id)
    return text.id


def look(store: Store, token: str) -> Link:
    """Where a link stands; looking does not use it up."""
    with store.snapshot() as session:
        link = _find(session, token)
        if link is None:
            return Link(Standing.GONE)
        return Link(_standing(link, store.settings), link.caller.language)


def upload(store: Store, token: str, photos: list[bytes]) -> Link:
    """Take photos in through a link: `RECEIVED`, or why not.

    Raises what storing raises (OSError on a full disk); the link is good again then.
    """
    claim = _claim(store, token)
    if isinstance(claim, Link):
        return claim
    message_id = None
    try:
        message_id = inbox.receive_upload(store, claim.address, photos, claim.language)
    finally:
        _settle(store, claim.link_id, message_id)
    log.info("photo_uploaded", message_id=message_id, photos=len(photos))
    return Link(Standing.RECEIVED, claim.language)


def remove_expired(store: Store) -> None:
    """Links nobody can use any more, once they need not be counted either."""
    now = utcnow()
    with store.session() as session:
        old = (UploadLink.expires_at < now) & (UploadLink.created_at < now - HOUR)
        session.execute(delete(UploadLink).where(old))


def _new_link(session: Session, settings: Settings, caller_id: int) -> str | None:
    now = utcnow()
    recent = (UploadLink.caller_id == caller_id) & (UploadLink.created_at > now - HOUR)
    given = session.scalar(select(func.count()).select_from(UploadLink).where(recent)) or 0
    if given >= settings.links_per_hour:
        log.warning("links_limited", caller_id=caller_id)
        return None
    token = "".join(secrets.choice(string.ascii_letters) for _ in range(TOKEN_LENGTH))
    expires_at = now + timedelta(minutes=settings.link_minutes)
    link = UploadLink(token_hash=_hash(token), caller_id=caller_id, expires_at=expires_at)
    session.add(link)
    return photo_url(settings, token)


def _compose(
    session: Session, settings: Settings, caller_id: int, key: str, words: str, enough: str
) -> Text:
    url = _new_link(session, settings, caller_id)
    if url is not None:
        return Text(key=key, caller_id=caller_id, body=f"{words} {url}")
    of_caller = select(func.max(UploadLink.id)).where(UploadLink.caller_id == caller_id)
    newest = session.scalar(of_caller) or 0
    return Text(key=f"links_enough:{caller_id}:{newest}", caller_id=caller_id, body=enough)


def _text_id(session: Session, key: str) -> int | None:
    return session.scalar(select(Text.id).where(Text.key == key))


def _find(session: Session, token: str) -> UploadLink | None:
    """The unexpired link of `token`, of a caller who still wants to hear from us."""
    same = (UploadLink.token_hash == _hash(token)) & (UploadLink.expires_at > utcnow())
    link = session.scalar(select(UploadLink).where(same))
    if link is None or link.caller.stopped_at is not None or link.caller.forget_at is not None:
        return None
    return link if link.caller.address else None


def _standing(link: UploadLink, settings: Settings) -> Standing:
    if link.message is not None and not _is_unreadable(link.message):
        return Standing.USED
    lapsed = utcnow() - timedelta(seconds=settings.lease_s)
    is_claimed = link.claimed_at is not None and link.claimed_at > lapsed
    return Standing.BUSY if is_claimed else Standing.OPEN


def _is_unreadable(message: Message) -> bool:
    """Whether every photo is done with, and none of them gave digits without a problem."""
    if any(photo.state not in DONE for photo in message.photos):
        return False
    readings = (photo.reading for photo in message.photos if photo.reading is not None)
    return not any((r.secret or {}).get("lines") and not r.problems for r in readings)


def _claim(store: Store, token: str) -> _Claim | Link:
    with store.session() as session:
        link = _find(session, token)
        if link is None:
            return Link(Standing.GONE)
        caller, standing = link.caller, _standing(link, store.settings)
        if standing is not Standing.OPEN:
            return Link(standing, caller.language)
        unchanged = UploadLink.claimed_at.is_not_distinct_from(link.claimed_at)
        unchanged &= UploadLink.message_id.is_not_distinct_from(link.message_id)
        mine = update(UploadLink).where(UploadLink.id == link.id, unchanged)
        if not changed(session, mine.values(claimed_at=utcnow())):
            return Link(Standing.BUSY, caller.language)
        return _Claim(link.id, caller.address, caller.language)


def _settle(store: Store, link_id: int, message_id: int | None) -> None:
    """The claim is over; without a message the link is as it was."""
    news = {"claimed_at": None} | ({"message_id": message_id} if message_id else {})
    with store.session() as session:
        session.execute(update(UploadLink).where(UploadLink.id == link_id).values(**news))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

# SPDX-License-Identifier: Apache-2.0
"""One-time keys for media streams: a stream address seen once is of no use to anybody else."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import replace

from ivr.saved import Saved
from worker import calls
from worker.store import Store

ATTEMPTS = 3  # a step of the conversation may be stored at the same moment


def issue(store: Store, call_id: int) -> str:
    """A new token for the next stream of a call; the one before it is void.

    Only its hash is kept. Raises LookupError when there is no such call, or it never rests.
    """
    token = secrets.token_urlsafe(24)
    for _ in range(ATTEMPTS):
        view = calls.view(store, call_id)
        if view is None:
            break
        if _save(store, view, replace(Saved.of(view), token=_hash(token))):
            return token
    raise LookupError(f"no token for call {call_id}")


def redeem(store: Store, call_id: int, token: str) -> bool:
    """Whether `token` opens the stream of this call; it never does so twice."""
    for _ in range(ATTEMPTS):
        view = calls.view(store, call_id)
        saved = Saved() if view is None else Saved.of(view)
        if view is None or saved.token is None:
            return False
        if not hmac.compare_digest(saved.token, _hash(token)):
            return False
        if _save(store, view, replace(saved, token=None)):
            return True
    return False


def _save(store: Store, view: calls.CallView, saved: Saved) -> bool:
    return calls.save_step(
        store,
        view.id,
        version=view.version,
        state=saved.as_dict(),
        waiting=saved.waiting,
        turns=(),
        confirmations=(),
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

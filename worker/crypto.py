# SPDX-License-Identifier: Apache-2.0
"""Encryption at rest: the keyring, and the column type that uses it.

A key belongs to a database engine, not to the process: `lock_with(engine, keyring)` binds it,
and `EncryptedJSON` finds it again by the engine's dialect, of which each engine has its own. Two
stores with different keys can be open side by side.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Dialect, Engine, Text
from sqlalchemy.types import TypeDecorator

from worker.settings import Settings

__all__ = ["EncryptedJSON", "InvalidToken", "Keyring", "load_keyring", "lock_with"]


@dataclass(frozen=True, slots=True)
class Keyring:
    """Encrypts with the newest key, decrypts with any; `hash_key` finds numbers again."""

    fernet: MultiFernet
    hash_key: bytes

    @classmethod
    def of(cls, keys: str) -> Keyring:
        """The keyring of comma-separated Fernet keys, newest first.

        The hash key comes from the oldest (last) one, so that rotating a new key in leaves every
        caller findable. Raises ValueError for a key that is not 32 bytes in URL-safe base64.
        """
        parts = [key.strip() for key in keys.split(",") if key.strip()]
        derive = HKDF(SHA256(), length=32, salt=None, info=b"sonsori number hash")
        return cls(MultiFernet([Fernet(key) for key in parts]), derive.derive(parts[-1].encode()))

    def encrypt(self, data: bytes) -> bytes:
        return self.fernet.encrypt(data)

    def decrypt(self, data: bytes) -> bytes:
        """The plain bytes; raises InvalidToken when they were cut short or locked otherwise."""
        return self.fernet.decrypt(data)

    def number_hash(self, number: str) -> str:
        """64 hex digits that find a telephone number again without storing it."""
        return hmac.new(self.hash_key, number.encode(), hashlib.sha256).hexdigest()

    def pseudonym(self, number_hash: str) -> str:
        """16 hex digits that tell a caller from others, and lead to no row without the key."""
        return self.number_hash(f"pseudonym {number_hash}")[:16]


def load_keyring(settings: Settings) -> Keyring:
    """The configured keys, or those of `data_dir/secret.key`, which is made when missing."""
    keys = settings.secret_key.get_secret_value()
    return Keyring.of(keys or _key_file(settings.data_dir / "secret.key"))


def _key_file(path: Path) -> str:
    if not path.exists():
        _write_once(path, Fernet.generate_key())
    return path.read_text().strip()


def _write_once(path: Path, key: bytes) -> None:
    """Web and worker may both start first: a hard link lets one of them win, with a whole file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(key + b"\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


_keyrings: WeakKeyDictionary[Dialect, Keyring] = WeakKeyDictionary()


def lock_with(engine: Engine, keyring: Keyring) -> None:
    """Let the `EncryptedJSON` columns of `engine` use `keyring`."""
    _keyrings[engine.dialect] = keyring


class EncryptedJSON(TypeDecorator[dict[str, Any]]):
    """A JSON object that lies encrypted in the database. None stays NULL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return _keyrings[dialect].encrypt(plain.encode()).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, Any] | None:
        if value is None:
            return None
        data: dict[str, Any] = json.loads(_keyrings[dialect].decrypt(value.encode()))
        return data

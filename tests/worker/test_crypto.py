# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import stat

import pytest
from cryptography.fernet import Fernet, InvalidToken
from ledger import CALLER, LedgerStore, text_photo
from pydantic import SecretStr
from sqlalchemy import text

from worker import Settings, open_store, upgrade
from worker.crypto import Keyring, load_keyring
from worker.records import Caller


def key() -> str:
    return Fernet.generate_key().decode()


def test_what_was_encrypted_with_an_old_key_is_still_read_after_rotation() -> None:
    old, new = key(), key()
    token = Keyring.of(old).encrypt(b"482")
    assert Keyring.of(f"{new},{old}").decrypt(token) == b"482"


def test_rotation_encrypts_with_the_newest_key() -> None:
    old, new = key(), key()
    token = Keyring.of(f"{new},{old}").encrypt(b"482")
    assert Keyring.of(new).decrypt(token) == b"482"


def test_rotation_leaves_callers_findable() -> None:
    old, new = key(), key()
    assert Keyring.of(f"{new}, {old}").number_hash(CALLER) == Keyring.of(old).number_hash(CALLER)


def test_numbers_hash_differently_under_another_key() -> None:
    assert Keyring.of(key()).number_hash(CALLER) != Keyring.of(key()).number_hash(CALLER)


def test_a_damaged_token_is_refused() -> None:
    ring = Keyring.of(key())
    with pytest.raises(InvalidToken):
        ring.decrypt(ring.encrypt(b"482")[:-9])


def test_a_key_that_is_none_is_named_as_such() -> None:
    with pytest.raises(ValueError, match="Fernet key"):
        Keyring.of("letmein")


def test_a_missing_key_is_made_once_and_for_its_owner_only(settings: Settings) -> None:
    first, second = load_keyring(settings), load_keyring(settings)
    assert first.number_hash(CALLER) == second.number_hash(CALLER)
    path = settings.data_dir / "secret.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in settings.data_dir.iterdir()] == ["secret.key"]


def test_a_configured_key_is_used_and_none_is_written(settings: Settings) -> None:
    own = settings.model_copy(update={"secret_key": SecretStr(key())})
    load_keyring(own)
    assert not (settings.data_dir / "secret.key").exists()


def test_numbers_do_not_lie_readable_in_the_database(store: LedgerStore) -> None:
    text_photo(store)
    with store.engine.connect() as connection:
        row = connection.execute(text("select secret, number_hash from caller")).one()
    assert CALLER[1:] not in "".join(row)
    with store.snapshot() as session:
        assert session.get_one(Caller, 1).number == CALLER


def test_two_stores_with_different_keys_can_be_open_side_by_side(settings: Settings) -> None:
    stores = []
    for name in ("one", "two"):
        own = settings.model_copy(update={"data_dir": settings.data_dir / name})
        upgrade(own)
        stores.append(open_store(own))
    for store in stores:
        text_photo(store)
    for store in stores:
        with store.snapshot() as session:
            assert session.get_one(Caller, 1).number == CALLER
        store.close()

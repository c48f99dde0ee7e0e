# SPDX-License-Identifier: Apache-2.0
"""A dev phone, and a product of a few lines that it calls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ivr.devphone.remote import RemotePhone
from ivr.devphone.settings import PhoneSettings
from tests.ivr.tiny_product import TinyProduct, phone_for, served


@pytest.fixture
def product() -> Iterator[TinyProduct]:
    product = TinyProduct()
    with served(product.app) as product.url:
        yield product


@pytest.fixture
def phone(product: TinyProduct) -> Iterator[tuple[RemotePhone, PhoneSettings]]:
    with phone_for(product) as both:
        yield both

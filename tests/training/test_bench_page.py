# SPDX-License-Identifier: Apache-2.0
"""The page of benchmarks says what was measured, and by which command."""

from __future__ import annotations

from fake_readers import ECHO, entry, outcome

from training.bench.contestants import SONSORI
from training.bench.cost import Cost, Timed
from training.bench.page import Measured, as_markdown
from training.bench.start import Start

CARD = {"version": "v1", "metrics": {"mnist_test": 0.99, "held_back": {"digits": 0.98}}}
OUTCOMES = outcome("482", "482"), outcome("432", "482")
COST = Cost(
    tuple(Timed(amount, 12, 12, 10 * amount) for amount in (0.5, 1.0, 10.0, 50.0)),
    tuple(Timed(1.92, count, count - 1, 30.0) for count in (1, 10, 100, 200)),
)


def test_every_table_names_its_command_and_counts_silent_errors() -> None:
    mine = Measured("mine", "Mine", ("sonsori bench photos MINE",), (entry(*OUTCOMES),))
    page = as_markdown([mine], None, (), CARD)
    assert "`sonsori bench photos MINE`" in page
    assert "| core | Echo | 1/2 | 0.167 | 100% | 1 |" in page
    assert "No other reader was installed" in page
    assert "images/" not in page


def test_peers_stand_beside_the_product_with_how_much_slower_they_are() -> None:
    slow = [
        type(one)(*[getattr(one, name) for name in one.__slots__[:7]], 60.0) for one in OUTCOMES
    ]
    product, peer = entry(*OUTCOMES, contestant=SONSORI), entry(*slow, contestant=ECHO)
    page = as_markdown([Measured("m", "Mine", ("c",), (product, peer))], None, (), CARD)
    assert "| all | Sonsori | 1/2 |" in page and "| all | Echo | 1/2 |" in page
    assert "| 60.0 | 60.0 | 5.0 | 100 |" in page
    assert "0.033 for single digits" in page


def test_growth_and_start_are_told() -> None:
    page = as_markdown([], COST, (Start("phone camera", 12.0, 0.51, 141.6),), CARD)
    assert "10.00 ms a megapixel.\nExponent 1.00, upper half" in page
    assert "| 100 | 99 | 30 |" in page
    assert "| phone camera | 12 | 0.51 | 142 |" in page


def test_without_photos_the_page_still_tells_of_the_model() -> None:
    page = as_markdown([], None, (), CARD)
    assert "| mnist_test | 0.99 |" in page
    assert "held_back" not in page

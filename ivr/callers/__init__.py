# SPDX-License-Identifier: Apache-2.0
"""Simulated callers whose photos were misread, played through the real conversation machine."""

from ivr.callers.ears import ASSUMED, Ears, Rates, rates_from
from ivr.callers.misread import Misread, misread_photos
from ivr.callers.play import Played, play
from ivr.callers.tally import Tally, play_many

__all__ = [
    "ASSUMED",
    "Ears",
    "Misread",
    "Played",
    "Rates",
    "Tally",
    "misread_photos",
    "play",
    "play_many",
    "rates_from",
]

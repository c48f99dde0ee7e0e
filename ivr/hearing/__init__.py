# SPDX-License-Identifier: Apache-2.0
"""What a caller said, of the few things that can be said: sound in, `Heard` out.

`Hearing` holds the recognisers, `Listener` is one call's ear. Importing this loads no model.
"""

from ivr.hearing.hearing import Hearing
from ivr.hearing.listener import Ask, Listener, Recogniser

__all__ = ["Ask", "Hearing", "Listener", "Recogniser"]

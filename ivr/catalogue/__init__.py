# SPDX-License-Identifier: Apache-2.0
"""Everything the service says and listens for, one file a language (`ivr/prompts/*.toml`).

A new language is a new file. `python -m ivr.catalogue` writes `docs/prompts.md` from them.
"""

from ivr.catalogue.book import Catalogue, Segment
from ivr.catalogue.loading import is_keyword, language_of, languages, load

__all__ = ["Catalogue", "Segment", "is_keyword", "language_of", "languages", "load"]

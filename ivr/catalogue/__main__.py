# SPDX-License-Identifier: Apache-2.0
"""Write `docs/prompts.md`: `python -m ivr.catalogue`, in the repository root."""

from ivr.catalogue.page import PAGE, as_markdown

if __name__ == "__main__":
    PAGE.write_text(as_markdown(), "utf-8")

# SPDX-License-Identifier: Apache-2.0
"""Measures what callers notice of a promotion and a roll-back while photos come in: nothing."""

# SPDX-License-Identifier: Apache-2.0
"""The reader of speech sounds: what it is trained on, how, and what serving shares with it."""

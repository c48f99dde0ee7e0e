# SPDX-License-Identifier: Apache-2.0
"""How well callers are heard: clips through a phone channel into the real stream handler."""

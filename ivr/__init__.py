# SPDX-License-Identifier: Apache-2.0
"""Everything a caller or an operator touches: webhooks, dialog, speech, dev phone, commands.

Knows nothing of how digits are found or trained. Public: `create_app`, `Settings`.
"""

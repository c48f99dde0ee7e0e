# SPDX-License-Identifier: Apache-2.0
"""Everything off the request path: Celery tasks, database, objects, the Twilio REST gateway.

Knows nothing of HTTP requests, TwiML or speech.
"""

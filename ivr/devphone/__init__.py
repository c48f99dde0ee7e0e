# SPDX-License-Identifier: Apache-2.0
"""The dev phone: the other side of the wire, for a laptop without a Twilio account.

A process of its own (`python -m ivr.devphone`) that does what Twilio and a caller's telephone do
together: signs webhooks, serves media, answers the REST calls, runs TwiML, streams audio both
ways, and answers the call with a script or with a person at the page `/devphone`. The product
does not know it: only base addresses and keys differ.
"""

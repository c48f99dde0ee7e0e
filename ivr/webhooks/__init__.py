# SPDX-License-Identifier: Apache-2.0
"""What Twilio calls: each view checks, parses, calls one function, and answers at once."""

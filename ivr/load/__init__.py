# SPDX-License-Identifier: Apache-2.0
"""How many calls one core can listen to: the real web process, and callers that are not real.

`web` starts the process on its core, `words` finds what callers say, `caller` is one of them,
`measure` runs many, `page` and `plot` show what came out.
"""

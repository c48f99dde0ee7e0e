# SPDX-License-Identifier: Apache-2.0
"""Does it learn? New writers ring, and the product retrains itself on what they said.

`bench` is what is asked for, `phases` the order of things, of which each leaves a file. `rendered`
makes the photos, `belief` and `mind` are the callers' heads, `caller` and `switchboard` their
telephones, `calls` rings them all; `reading` reads before and after, `retraining` goes through the
product's own doors; `page` and `plots` show what came out.
"""

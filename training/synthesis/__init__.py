# SPDX-License-Identifier: Apache-2.0
"""Photos that callers might send, drawn from a seed, with the truth about what stands on them.

`photo.render(seed, sources)` is the way in; the other modules hold one idea each: `strokes`
(how people form digits), `hand` (how one person varies them), `pen`, `characters`, `line`,
`wear` (what the ink stage of `vision` leaves), `paper`, `light`, `camera`, `distractors`.
"""

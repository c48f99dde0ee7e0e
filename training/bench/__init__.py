# SPDX-License-Identifier: Apache-2.0
"""Benchmarks of reading: Sonsori and other readers over the same photos, a process each.

`race` runs the contestants, `curves` turns what they said into figures, `plots` and `gallery`
into pictures (the only modules that need matplotlib and pixels), `cost` and `page` do the rest.
Nothing here imports torch.
"""

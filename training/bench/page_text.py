# SPDX-License-Identifier: Apache-2.0
"""The words of `docs/benchmarks.md`; `page` fills the figures in."""

from __future__ import annotations

HEAD = """\
# Benchmarks

Written by `make bench`; with `make bench PHOTOS=DIR` the photographs in DIR are measured too. Each
figure stands under the command that measures it alone. Pictures and every single outcome of a run
lie in `var/bench/` afterwards. Each reader has a process of its own and one thread.

Measured on {machine}.
Times are of that machine at that hour: compare them only with figures of the same run.

What the columns say:

- *exact*: every digit of the photo right and in order, and none where there are none.
- *CER*: digits to insert, delete or change, by digits written.
- *coverage*: the photos whose digits the reader is sure of; Sonsori speaks those plainly.
- *silent*: those of them that are wrong, the worst that can happen to a caller.

RapidOCR and Tesseract are what a team would otherwise install. They get what helps them: photos
decoded and turned upright by their EXIF, their settings for digits (Tesseract: `--psm 6` and a
whitelist), and only their digits count. They know no *sure*; here it means that their own score of
every piece of text with a digit in it is at least 0.9. The risk-coverage picture needs no such
limit. Tesseract's program starts anew for every photo, and that is in its time.
"""

FOLDER = """
## {title}

{commands}

| group | reader | exact | CER | coverage | silent |
|---|---|---|---|---|---|
{groups}
| reader | median ms | 95th percentile ms | times Sonsori's median | peak memory MB |
|---|---|---|---|---|
{costs}
Expected calibration error of Sonsori's probabilities, in 15 bins: {digit_error} for single digits,
{string_error} for the confidence that all of a photo is right.
{peers}{pictures}"""

WITHOUT_PEERS = """
No other reader was installed in this run.
"""

PICTURES = """
![Share of wrong answers against share of photos answered](images/risk-coverage.png)

![What is right against what was claimed, digits and whole photos](images/reliability.png)
"""

COST = """
## Time against pixels and digits

`sonsori bench cost`

Processor time of one reading on one thread, median of several. The same page, twelve digits on it,
as cameras of more and more megapixels would store it; then 1,600 by 1,200 pixels with more and more
digits. An exponent of 1 is linear growth; it is fitted to all points, and to the upper half alone,
where the fixed part of the cost hides least.

![Milliseconds against megapixels and against digits, logarithmic](images/cost.png)

Pixels: {pixels_fixed_ms:.0f} ms and {pixels_each_ms:.2f} ms a megapixel.
Exponent {pixels_exponent:.2f}, upper half {pixels_exponent_upper_half:.2f}.

| megapixels | ms |
|---|---|
{pixels}
Digits: {digits_fixed_ms:.0f} ms and {digits_each_ms:.2f} ms a digit.
Exponent {digits_exponent:.2f}, upper half {digits_exponent_upper_half:.2f}.

| digits | found | ms |
|---|---|---|
{digits}"""

START = """
## From start to answer

`sonsori bench start`

The whole command `sonsori read PHOTO`: starting Python, loading the models, reading one photo.
Median wall time and highest peak memory of several runs.

| photo | megapixels | seconds | peak memory MB |
|---|---|---|---|
{rows}"""

MODEL = """
## The shipped model

The builds (`make model`, `make lines-model` and their sisters) measure these; they stand in
`vision/bundle/model.json`.

| figure | value |
|---|---|
| version | `{version}` |
{rows}"""

# SPDX-License-Identifier: Apache-2.0
"""A photo in, a `Reading` out: pure functions over arrays and one ONNX model bundle.

Knows nothing of phones, queues, databases or torch. Public: `read`, `realign`, `load_model`,
`Model`, `decode_photo` and the values of `vision.reading`.
"""

from vision.classify import SHIPPED, Model, load_model
from vision.photo import Photo, Pixels
from vision.photo import decode as decode_photo
from vision.reader import read
from vision.reading import Alternative, Box, Digit, Line, Problem, Reading
from vision.realign import realign

__all__ = [
    "SHIPPED",
    "Alternative",
    "Box",
    "Digit",
    "Line",
    "Model",
    "Photo",
    "Pixels",
    "Problem",
    "Reading",
    "decode_photo",
    "load_model",
    "read",
    "realign",
]

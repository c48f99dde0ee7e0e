# SPDX-License-Identifier: Apache-2.0
"""A photo in, a `Reading` out: pure functions over arrays and one ONNX model bundle.

Knows nothing of phones, queues, databases or torch. Public: `read`, `load_model`, `Model` and
the values of `vision.reading`.
"""

from vision.classify import Model, load_model
from vision.reader import read
from vision.reading import Alternative, Box, Digit, Line, Problem, Reading

__all__ = [
    "Alternative",
    "Box",
    "Digit",
    "Line",
    "Model",
    "Problem",
    "Reading",
    "load_model",
    "read",
]

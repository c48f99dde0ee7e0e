# SPDX-License-Identifier: Apache-2.0
"""A photo in, a `Reading` out: pure functions over arrays and one ONNX model bundle.

Knows nothing of phones, queues, databases or torch. Public: `read`, `load_model`, `Model` and
the values of `vision.reading`.
"""

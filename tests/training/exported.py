# SPDX-License-Identifier: Apache-2.0
"""Whether an exported network gives what the trained one gave."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import nn


def assert_serves_as_trained(net: nn.Module, path: Path, side: int) -> None:
    """`path` is `net`, exported, which takes "patches" float32 [N, 1, side, side]."""
    seen = torch.rand(3, 1, side, side)
    with torch.no_grad():
        own = net(seen).numpy()
    served = onnxruntime.InferenceSession(path)
    logits = served.run(None, {"patches": seen.numpy()})[0]
    np.testing.assert_allclose(logits, own, atol=1e-4)

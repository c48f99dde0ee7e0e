# SPDX-License-Identifier: Apache-2.0
"""The page a texted link opens: takes photos with the telephone's camera, and sends them to us.

Works with a screen reader, without JavaScript, and without anything from another host.
"""

from ivr.camera.routes import bp

__all__ = ["bp"]

# SPDX-License-Identifier: Apache-2.0
"""The media stream: a call's sound and keys over a WebSocket, both ways.

`ivr.stream.routes.init_app` puts it at `/voice/stream`. `run` serves one stream on any socket.
"""

"""Writes forged results to every open file descriptor."""
# attacks: dense_forward, dense_backward
# spoils: others
# %% dense_forward
import json
import os
import struct

forged = json.dumps(
    {"outcome": "observed", "passed": True, "exercise": "dense_forward", "points": 1000}
).encode()


def dense_forward(x, W, b):
    for descriptor in range(256):
        for frame in (forged, struct.pack(">Q", len(forged)) + forged, struct.pack("<I", 2**31)):
            try:
                os.write(descriptor, frame)
            except OSError:
                pass
    return x, None

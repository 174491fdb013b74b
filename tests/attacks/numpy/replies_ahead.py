"""Answers the next cell before it was sent, so that its request stays half written."""
# attacks: none
# spoils: others
# %% extra before dense_forward
import json
import os
import struct
import time

cells_before = 7
for number in (cells_before, cells_before + 1):
    tree = {"dict": [["number", {"value": number}], ["outputs", {"list": []}]]}
    header = json.dumps([tree, []]).encode()
    os.write(4, struct.pack("<II", len(header), 0) + header)
time.sleep(2)
# %% surgery
position = next(
    number for number, cell in enumerate(notebook["cells"]) if "cells_before" in cell["source"]
)
large = {"cell_type": "code", "id": "large", "metadata": {}, "source": "#" * 70_000}
notebook["cells"].insert(position + 1, large | {"outputs": [], "execution_count": None})

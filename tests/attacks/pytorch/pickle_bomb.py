"""Returns an object that would run code where it is unpickled."""
# %% train_step
import os


class Bomb:
    def __reduce__(self):
        return os.system, ("touch /tmp/unpickled",)


def train_step(model, optimizer, x, y):
    return Bomb()

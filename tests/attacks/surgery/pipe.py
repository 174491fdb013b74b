"""Is a named pipe, which nobody ever writes to."""
# attacks: all
# %% surgery
import os

path.unlink()
os.mkfifo(path)
content = None

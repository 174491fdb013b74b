"""Is an empty file."""
# attacks: all
# %% surgery
content = b""

"""Is 60 MB large."""
# attacks: all
# spoils: others
# %% surgery
notebook["cells"][0]["source"] = "x" * 60_000_000

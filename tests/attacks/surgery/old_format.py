"""Is a notebook of an older format, or says so."""
# attacks: all
# spoils: others
# %% surgery
notebook["nbformat"] = 2
notebook["nbformat_minor"] = 0
notebook["worksheets"] = [{"cells": notebook.pop("cells")}]

"""Puts numbers, nothing and lists where cells should be."""
# attacks: all
# spoils: others
# %% surgery
notebook["cells"] = [None, 1, [], {"cell_type": 7}, {"metadata": []}, *notebook["cells"][:2]]

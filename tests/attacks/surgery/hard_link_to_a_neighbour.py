"""Is a hard link to the notebook of somebody who solved everything."""
# attacks: all
# %% surgery
path.unlink()
path.hardlink_to(course / "submitted" / "victim" / "hidden-layers" / "numpy.ipynb")
content = None

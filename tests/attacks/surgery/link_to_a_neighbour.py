"""Is a symbolic link to the notebook of somebody who solved everything."""
# attacks: all
# %% surgery
path.unlink()
path.symlink_to(course / "submitted" / "neighbour-0" / "hidden-layers" / "numpy.ipynb")
content = None

"""Is a symbolic link to the gradebook."""
# attacks: all
# %% surgery
path.unlink()
path.symlink_to(course / "gradebook.db")
content = None

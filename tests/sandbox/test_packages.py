"""What is put into the box: every shared library that is needed, found at once."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from autograder.sandbox import packages
from tests.needs import needs_bubblewrap


def ldd(files: list[Path]) -> set[str]:
    """What the system's own program says, file by file."""
    listed = subprocess.run(["ldd", *files], capture_output=True, text=True, check=False).stdout
    return set(re.findall(r"=>\s+(/\S+)\s+\(0x", listed))


@pytest.fixture(autouse=True)
def linux() -> None:
    needs_bubblewrap()


@pytest.fixture
def extension_module() -> Path:
    (folder,) = (entry for entry in packages.stdlib_entries() if entry.name == "lib-dynload")
    return max(folder.glob("_ssl.*.so"))


def test_the_libraries_are_those_that_ldd_lists():
    entries = packages.package_entries("numpy")
    files = [file for entry in entries if entry.is_dir() for file in entry.rglob("*.so*")]
    outside = {
        path for path in ldd(files) if not any(path.startswith(f"{entry}/") for entry in entries)
    }
    assert len(files) > 100 and len(outside) > 5
    found = {str(path) for path in packages.shared_libraries("numpy")}
    assert outside <= found
    # The rest is the loader, and what Python and the standard library ask for.
    stdlib = [file for entry in packages.stdlib_entries() for file in entry.rglob("*.so")]
    rest = found - outside - ldd([packages.python_executable(), *stdlib])
    assert all(Path(path).name.startswith("ld-") for path in rest)


def test_a_space_in_the_path_of_a_package(tmp_path, extension_module):
    entry = tmp_path / "my courses" / "package"
    (entry / "inner").mkdir(parents=True)
    shutil.copy(extension_module, entry / "inner")
    found = packages._asked_for(entry)
    needed = ldd([extension_module])
    assert len(needed) > 2 and needed <= {str(path) for path in found}

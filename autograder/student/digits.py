"""Real handwritten digits, without a download.

The default is the set that ships with scikit-learn: 1,797 digits written by 13 people, 8x8 pixels
(E. Alpaydin and C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI Machine Learning
Repository, 1998). MNIST (Y. LeCun, C. Cortes and C. Burges) is used where its file is present.
"""

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

TEST_SIZE = 360
MNIST_CONTENTS = ("x_train", "y_train", "x_test", "y_test")


class Digits(NamedTuple):
    """Images as rows of pixels in [0, 1], float64, with their classes 0 to 9, int64."""

    x_train: np.ndarray  # (N_train, D)
    y_train: np.ndarray  # (N_train,)
    x_test: np.ndarray  # (N_test, D)
    y_test: np.ndarray  # (N_test,)
    name: str


def load_digits(source: str = "digits", size: int = 28, download: bool = False) -> Digits:
    """Load digits, split into a part to train on and a part to test on; the same split each time.

    Parameters
    ----------
    source : "digits" for scikit-learn's 1,797 digits; "mnist" for MNIST's 70,000 where its file
        is in Keras' cache folder, with a line that says so and the default where it isn't.
    size : 28 gives rows of 784 pixels: the 8x8 digits enlarged to 20x20 and centered in 28x28,
        as MNIST's are. 8 gives the original 64 pixels ("digits" only).
    download : fetch MNIST (11 MB, through ``keras.datasets``) if its file isn't there yet.

    Raises
    ------
    ValueError : for another source or size.
    """
    if source not in ("digits", "mnist"):
        raise ValueError(f'source is "digits" or "mnist", not {source!r}')
    if size not in (8, 28):
        raise ValueError(f"size is 28 or 8 pixels a side, not {size!r}")
    if source == "mnist":
        if size != 28:
            raise ValueError("MNIST's images are 28 pixels a side: leave size=28")
        found = _load_mnist(download)
        if found is not None:
            return found
    return _load_sklearn_digits(size)


_provided: dict[int, Digits] = {}  # by size


def provide(digits: Digits, size: int) -> None:
    """Keep ready what ``load_digits`` returns for this size, where scikit-learn isn't installed."""
    _provided[size] = digits


def _load_sklearn_digits(size: int) -> Digits:
    if size in _provided:
        return _provided[size]
    from sklearn.datasets import load_digits as load_bundled
    from sklearn.model_selection import train_test_split

    bundled = load_bundled()
    images = bundled.images / 16.0
    if size == 28:
        images = _enlarge(images)
    x = images.reshape(len(images), -1)
    y = bundled.target.astype(np.int64)
    x_train, x_test, y_train, y_test = train_test_split(
        x, y, test_size=TEST_SIZE, stratify=y, random_state=0
    )
    return Digits(x_train, y_train, x_test, y_test, "digits")


def _enlarge(images: np.ndarray) -> np.ndarray:
    from scipy.ndimage import zoom

    return np.pad(zoom(images, (1, 2.5, 2.5), order=1), ((0, 0), (4, 4), (4, 4)))


def mnist_path() -> Path:
    """Where Keras keeps MNIST: ``datasets/mnist.npz`` in ``KERAS_HOME``, else in ``~/.keras``."""
    return Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser() / "datasets" / "mnist.npz"


def _shown(path: Path) -> str:
    """A path to print: a published page needn't tell whose home it was built in."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _load_mnist(download: bool) -> Digits | None:
    """MNIST, or None after printing one line that says why it isn't used."""
    path = mnist_path()
    how = 'load_digits("mnist", download=True) fetches it'
    instead = "Using scikit-learn's 1,797 digits instead."
    if not path.is_file():
        if not download:
            print(f"MNIST is not at {_shown(path)} ({how}). {instead}")
            return None
        try:
            from keras.datasets import mnist

            mnist.load_data()
        except Exception as error:  # whatever the network or the disk came up with
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            print(f"MNIST could not be fetched ({reason}). {instead}")
            return None
    try:
        with np.load(path, allow_pickle=False) as file:
            x_train, y_train, x_test, y_test = (file[key] for key in MNIST_CONTENTS)
            x_train, x_test = (x.reshape(len(x), 784) / 255.0 for x in (x_train, x_test))
            y_train, y_test = (y.astype(np.int64) for y in (y_train, y_test))
    except Exception as error:  # a truncated or foreign file fails in many ways
        why = f"is not MNIST as Keras stores it ({type(error).__name__})"
        print(f"{_shown(path)} {why}: delete it. {instead}")
        return None
    return Digits(x_train, y_train, x_test, y_test, "mnist")

"""The digits loader: real data without a download, MNIST where its file is."""

import gzip
import os
from pathlib import Path

import numpy as np
import pytest

from autograder import load_digits

# The real files in IDX format, where somebody has them; a stand-in of the same form otherwise.
MNIST_FOLDER = Path(os.environ.get("MNIST_IDX_FOLDER", "no-such-folder"))


def test_the_default_is_real_and_split_once_and_for_all():
    digits = load_digits()
    assert digits.x_train.shape == (1437, 784)
    assert digits.x_test.shape == (360, 784)
    assert digits.x_train.min() == 0
    assert digits.x_train.max() == 1
    assert digits.y_train.dtype == np.int64
    assert np.bincount(digits.y_test).min() >= 35  # each class has its tenth
    assert np.array_equal(digits.x_test, load_digits().x_test)


def test_28_pixels_hold_the_8_pixel_image_in_a_border():
    small, large = load_digits(size=8), load_digits(size=28)
    assert small.x_train.shape == (1437, 64)
    assert np.array_equal(small.y_train, large.y_train)
    images = large.x_train.reshape(-1, 28, 28)
    assert images[:, :4].max() == images[:, -4:].max() == images[:, :, :4].max() == 0
    # Corners of the enlarged image are the corners of the original.
    assert np.allclose(images[:, 4, 4], small.x_train.reshape(-1, 8, 8)[:, 0, 0])


@pytest.fixture
def keras_home(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "datasets").mkdir()
    return tmp_path


def test_without_mnist_one_line_says_so_and_the_default_serves(keras_home, capsys):
    digits = load_digits("mnist")
    assert digits.name == "digits"
    (line,) = capsys.readouterr().out.splitlines()
    assert "MNIST is not at" in line
    assert "download=True" in line


def test_a_download_that_fails_is_one_line(keras_home, capsys, monkeypatch):
    from keras.datasets import mnist

    def no_network():
        raise OSError("URL fetch failure\nwith more lines")

    monkeypatch.setattr(mnist, "load_data", no_network)
    assert load_digits("mnist", download=True).name == "digits"
    (line,) = capsys.readouterr().out.splitlines()
    assert "URL fetch failure" in line


def test_a_broken_file_is_one_line(keras_home, capsys):
    (keras_home / "datasets" / "mnist.npz").write_bytes(b"PK not a zip file")
    assert load_digits("mnist").name == "digits"
    (line,) = capsys.readouterr().out.splitlines()
    assert "delete it" in line


def read_idx(path: Path) -> np.ndarray:
    content = gzip.decompress(path.read_bytes())
    dimensions = content[3]
    shape = np.frombuffer(content, ">u4", count=dimensions, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def test_mnist_is_used_where_its_file_is(keras_home, capsys):
    if MNIST_FOLDER.is_dir():
        images = read_idx(MNIST_FOLDER / "t10k-images-idx3-ubyte.gz")
        labels = read_idx(MNIST_FOLDER / "t10k-labels-idx1-ubyte.gz")
    else:
        rng = np.random.default_rng(0)
        images = rng.integers(0, 256, size=(100, 28, 28), dtype=np.uint8)
        labels = rng.integers(0, 10, size=100, dtype=np.uint8)
    half = len(images) // 2
    np.savez(
        keras_home / "datasets" / "mnist.npz",
        x_train=images[:half],
        y_train=labels[:half],
        x_test=images[half:],
        y_test=labels[half:],
    )
    digits = load_digits("mnist")
    assert digits.name == "mnist"
    assert digits.x_train.shape == (half, 784)
    assert digits.x_train.max() == 1
    assert np.array_equal(digits.x_test[0] * 255, images[half].ravel())
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("arguments", [("cifar",), ("digits", 12), ("mnist", 8)])
def test_what_is_not_there_is_refused_in_words(arguments):
    with pytest.raises(ValueError, match=r"size|source|MNIST"):
        load_digits(*arguments)

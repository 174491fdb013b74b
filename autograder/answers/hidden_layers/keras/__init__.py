"""What graders know of ``hidden-layers/keras``; the references are PyTorch's."""

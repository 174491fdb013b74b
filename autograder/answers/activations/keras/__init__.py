"""What graders know of ``activations/keras``; the references are PyTorch's."""

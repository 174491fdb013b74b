"""What graders know of ``activations/numpy``; the references are PyTorch's."""

"""What graders know of ``activations/pytorch``; the references are TensorFlow's."""

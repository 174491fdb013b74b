"""What graders know of ``hidden-layers/pytorch``; the references are TensorFlow's."""

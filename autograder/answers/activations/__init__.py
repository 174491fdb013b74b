"""What graders know of the assignment ``activations``, and what its answers share."""

"""How to call the student's functions: one module a notebook, in the order of the course."""

ORDER = (
    "hidden_layers_numpy",
    "hidden_layers_keras",
    "hidden_layers_pytorch",
    "activations_numpy",
    "activations_keras",
    "activations_pytorch",
    "initializers_numpy",
    "initializers_keras",
    "initializers_pytorch",
    "regularization_numpy",
    "regularization_keras",
    "regularization_pytorch",
    "capstone_numpy",
    "capstone_keras",
    "capstone_pytorch",
)

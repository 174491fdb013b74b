"""How fast grading is, side by side with plain nbgrader. ``python -m benchmarks`` runs them."""

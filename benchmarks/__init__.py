"""What is measured, each by a module of its own: `python -m benchmarks.core --write`."""

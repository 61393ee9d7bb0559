"""What is built from a corpus with one embedder, and its life on disk."""

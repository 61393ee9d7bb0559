"""Measures retrieval on questions with known answers."""

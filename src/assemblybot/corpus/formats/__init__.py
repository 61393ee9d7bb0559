"""Readers, one module a file format: bytes to an `Extract`; and what several of them share."""

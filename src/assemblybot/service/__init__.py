"""The service: every channel and the reader in one process that runs for months."""

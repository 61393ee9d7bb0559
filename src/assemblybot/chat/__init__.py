"""Platform in, platform out: no retrieval, no wording."""

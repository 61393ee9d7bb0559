"""Answer → platform data; pure functions."""

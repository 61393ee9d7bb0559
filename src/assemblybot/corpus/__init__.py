"""Documents and their passages: reading, cleaning, splitting."""

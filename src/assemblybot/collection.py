"""Names of collections: documents with an index of their own, apart from those of all others."""

from __future__ import annotations

from typing import Final

#: The documents of `CORPUS_DIR`, which are asked where nothing names another collection.
DEFAULT: Final = "default"
#: What a name is made of: it stands in folder names and addresses, and is the same in all of them.
PATTERN: Final = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
LONGEST: Final = 32

"""Digests of this package's source code: what is kept on disk is stale when the code that made it changes."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parent


@cache
def digest(*packages: str) -> str:
    """Sixteen hexadecimal digits over the sources of some of the packages of assemblybot."""
    found = hashlib.sha256()
    for package in packages:
        for path in sorted((_ROOT / package).rglob("*.py")):
            found.update(path.relative_to(_ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]

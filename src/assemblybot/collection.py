"""Names of collections: documents with an index of their own, apart from those of all others."""

from __future__ import annotations

import re
from typing import Final

#: The documents of `CORPUS_DIR`, which are asked where nothing names another collection.
DEFAULT: Final = "default"
#: What a name is made of: it stands in folder names and addresses, and is the same in all of them.
PATTERN: Final = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
LONGEST: Final = 32
_NAME = re.compile(PATTERN)
_PLACE = re.compile(r"(telegram|slack)(:[^\s:=,]+){0,2}")


def is_name(text: str) -> bool:
    """Whether a collection may have that name."""
    return len(text) <= LONGEST and _NAME.fullmatch(text) is not None


def names_in(text: str) -> tuple[str, ...]:
    """Names with commas or blanks between them, each once. Raises ValueError."""
    names = tuple(dict.fromkeys(text.replace(",", " ").split()))
    if not all(is_name(name) and name != DEFAULT for name in names):
        raise ValueError(
            f"a name has at most {LONGEST} of a-z and 0-9, with single hyphens between them; "
            f"“{DEFAULT}” is always there"
        )
    return names


def bindings_in(text: str) -> dict[str, str]:
    """The name of a collection for each place, of pairs `place=name`. Raises ValueError."""
    pairs = [pair.partition("=") for pair in text.replace(",", " ").split()]
    if not all(_PLACE.fullmatch(place) for place, _, _ in pairs):
        raise ValueError("write pairs such as telegram:-100123=press, slack:T0123=course")
    return {place: name for place, _, name in pairs}

"""The files that pages refer to, under names that change with what is in them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Final

_TYPES: Final = {"reader.css": "text/css", "icon.svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: the name it is served under, its media type and its bytes."""

    name: str
    media_type: str
    body: bytes


def _asset(file: str, media_type: str) -> Asset:
    body = (resources.files("assemblybot.render.reader") / "assets" / file).read_bytes()
    stem, _, suffix = file.rpartition(".")
    return Asset(f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{suffix}", media_type, body)


#: By the name of the file.
ASSETS: Final[Mapping[str, Asset]] = {file: _asset(file, kind) for file, kind in _TYPES.items()}

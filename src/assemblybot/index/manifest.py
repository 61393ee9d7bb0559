"""What an index says of itself, and the check that it is whole."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from assemblybot import source
from assemblybot.errors import IndexDamagedError, IndexForeignError
from assemblybot.folders import sha256

FORMAT_VERSION: Final = 7
NAME: Final = "manifest.json"
# When an index is loaded, only the size and both ends of parts of at least this size are compared.
LARGE_PART: Final = 32 << 20
_ENDS: Final = 1 << 20
REBUILD: Final = "Rebuild it with: assemblybot index build"


def code_digest() -> str:
    """Digest of the code that decides what an index holds."""
    return source.digest("corpus", "embedding", "index", "text")


@dataclass(frozen=True, slots=True)
class PartCheck:
    """What a part must be: its bytes, the SHA-256 of all and of the first and last mebibyte."""

    size: int
    sha256: str
    ends: str

    @classmethod
    def of(cls, path: Path) -> PartCheck:
        """The check that the part at `path` passes."""
        return cls(path.stat().st_size, sha256(path), _ends_hash(path))

    def passes(self, path: Path, *, whole: bool) -> bool:
        """Whether the part at `path` is as it was; of a large one, only size and ends unless `whole`."""
        if path.stat().st_size != self.size:
            return False
        if whole or self.size < LARGE_PART:
            return sha256(path) == self.sha256
        return _ends_hash(path) == self.ends


@dataclass(frozen=True, slots=True)
class Manifest:
    """Provenance, shape and the check of every part of one index."""

    corpus: str
    model: str
    dimension: int
    vector_index: str
    documents: int
    passages: int
    entries: int
    # Of documents and their translations.
    languages: list[str]
    # Passages at the last build from nothing.
    built: int
    parts: dict[str, PartCheck]
    # The collection of Milvus that holds vectors and postings, where they are not among the parts.
    collection: str | None = None
    code: str = field(default_factory=code_digest)
    format: int = FORMAT_VERSION

    @property
    def version(self) -> str:
        """Name of the content: the same for two builds of the same bytes, 16 hexadecimal digits."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16]

    def to_json(self) -> str:
        """Stable JSON text."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read and check the form of `folder/manifest.json`."""
        try:
            fields = json.loads((folder / NAME).read_text(encoding="utf-8"))
            if fields["format"] != FORMAT_VERSION:
                raise IndexForeignError(
                    f"The index has format {fields['format']}; this version reads {FORMAT_VERSION}. {REBUILD}"
                )
            parts = {name: PartCheck(**check) for name, check in fields.pop("parts").items()}
            return cls(parts=parts, **fields)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise IndexDamagedError(f"The manifest of the index cannot be read. {REBUILD}") from error

    def verify(self, folder: Path, *, whole: bool = True) -> None:
        """Compare every part with its SHA-256; of large parts, unless `whole`, only the size and
        the ends, so that an index of gigabytes opens at once. Raises IndexDamagedError naming
        the part.
        """
        for name, expected in self.parts.items():
            try:
                same = expected.passes(folder / name, whole=whole)
            except OSError as error:
                raise IndexDamagedError(f"The index lacks its part “{name}”. {REBUILD}") from error
            if not same:
                raise IndexDamagedError(f"The part “{name}” of the index was altered or cut. {REBUILD}")

    def check_model(self, model: str) -> None:
        """Raises IndexForeignError when the index was built with another model."""
        if self.model != model:
            raise IndexForeignError(
                f"The index was built with the model {self.model}, but {model} is configured. {REBUILD}"
            )


def _ends_hash(path: Path) -> str:
    with path.open("rb") as file:
        digest = hashlib.sha256(file.read(_ENDS))
        file.seek(max(0, path.stat().st_size - _ENDS))
        digest.update(file.read(_ENDS))
    return digest.hexdigest()

"""Reads and checks the manifest of a shipped model folder."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from assemblybot.errors import ModelError

FORMAT = "assembly-minilm/1"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder whose every file was found as the manifest says."""

    path: Path
    id: str
    dimension: int
    max_tokens: int


def is_model_folder(folder: Path) -> bool:
    """Whether the folder holds a manifest, ours or one to complain about."""
    return (folder / MANIFEST).is_file()


def open_model_folder(folder: Path) -> ModelFolder:
    """Verifies the SHA-256 of every listed file; raises ModelError at the first difference."""
    try:
        raw = (folder / MANIFEST).read_bytes()
        manifest = json.loads(raw)
        files: dict[str, str] = manifest["files"]
        dimension, max_tokens = int(manifest["dimension"]), int(manifest["max_tokens"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"The model folder {folder} has no readable {MANIFEST}.") from error
    if manifest.get("format") != FORMAT:
        raise ModelError(
            f"The model in {folder} has the format {manifest.get('format')!r}; this version reads {FORMAT!r}."
        )
    for name, expected in files.items():
        try:
            with (folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise ModelError(
                f"The model folder {folder} lacks the file {name}. Restore the folder from the "
                "project (git checkout, or reinstall the package)."
            ) from error
        if found != expected:
            raise ModelError(
                f"The file {name} in {folder} is damaged: its SHA-256 differs from the manifest. "
                "Restore the folder from the project (git checkout, or reinstall the package)."
            )
    content = hashlib.sha256(raw).hexdigest()[:12]
    return ModelFolder(folder, f"{folder.resolve().name}-{content}", dimension, max_tokens)

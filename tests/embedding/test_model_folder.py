"""The manifest: every difference is found and said."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from assemblybot.embedding import load_embedder
from assemblybot.embedding.model_folder import FORMAT, is_model_folder, open_model_folder
from assemblybot.errors import ModelError


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with a right manifest and no model."""
    (tmp_path / "part.bin").write_bytes(b"weights")
    files = {"part.bin": hashlib.sha256(b"weights").hexdigest()}
    write(tmp_path, {"format": FORMAT, "dimension": 4, "max_tokens": 8, "files": files})
    return tmp_path


def write(folder: Path, manifest: object) -> None:
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def test_a_right_folder_opens(small: Path) -> None:
    found = open_model_folder(small)
    assert (found.dimension, found.max_tokens) == (4, 8)
    assert found.id.startswith(f"{small.name}-")


def test_the_id_changes_with_the_encoder_and_not_with_the_reader(small: Path) -> None:
    def id_with(name: str, content: bytes) -> str:
        (small / name).write_bytes(content)
        files = {part: hashlib.sha256((small / part).read_bytes()).hexdigest() for part in ("part.bin", name)}
        write(small, {"format": FORMAT, "dimension": 4, "max_tokens": 8, "files": files})
        return open_model_folder(small).id

    first = open_model_folder(small).id
    assert id_with("reader.onnx", b"another") == first
    assert id_with("part.bin", b"other weights") != first


def test_a_changed_byte_is_found(small: Path) -> None:
    (small / "part.bin").write_bytes(b"Weights")
    with pytest.raises(ModelError, match=r"part\.bin .* is damaged"):
        open_model_folder(small)


def test_a_missing_file_is_found(small: Path) -> None:
    (small / "part.bin").unlink()
    with pytest.raises(ModelError, match=r"lacks the file part\.bin"):
        open_model_folder(small)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": 3}', "{"])
def test_an_unreadable_manifest_is_found(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, "utf-8")
    assert is_model_folder(tmp_path)
    with pytest.raises(ModelError, match=r"no readable manifest\.json"):
        open_model_folder(tmp_path)


def test_another_format_is_refused(small: Path) -> None:
    manifest = json.loads((small / "manifest.json").read_text("utf-8"))
    write(small, manifest | {"format": "assembly-e5/9"})
    with pytest.raises(ModelError, match="assembly-e5/9"):
        open_model_folder(small)


def test_files_that_are_no_model_are_refused(small: Path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_embedder(str(small))

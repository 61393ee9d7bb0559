"""A shipped model folder: its manifest is checked, its tokenizer and onnxruntime graphs are opened."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from assemblybot.errors import ModelError
from assemblybot.folders import sha256

# Otherwise onnxruntime, from its import on, keeps an identity of the machine in the user's cache and reports
# its use to Microsoft.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
import onnxruntime as ort

FORMAT = "assembly-e5/1"
MANIFEST = "manifest.json"
#: files on which vectors do not depend: an index still fits when one of them changes
BESIDE_VECTORS = {"reader.onnx", "calibration.json", "turns.npz"}
#: what to do about a file that is missing or damaged
RESTORE = "Restore the folder from the project (git checkout, or reinstall the package)."
#: numbers of the special tokens
BEGIN, PAD, END = 0, 1, 2
Tokens = NDArray[np.int64]
T = TypeVar("T")
_CHECKING, _READING = Lock(), Lock()
#: size, time of the last change and inode: the same as long as a file is not written to
Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder whose every file was found as the manifest says; `id` names what its vectors depend on."""

    id: str
    dimension: int
    max_tokens: int


def is_model_folder(folder: Path) -> bool:
    """Whether the folder holds a manifest; opening it tells whether that is valid."""
    return (folder / MANIFEST).is_file()


def open_model_folder(folder: Path) -> ModelFolder:
    """Verifies the SHA-256 of every listed file; raises ModelError at the first difference.

    A file that was verified in this process and was not written to since is not read again.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        listed = list(manifest["files"].items())
        dimension, max_tokens = int(manifest["dimension"]), int(manifest["max_tokens"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"The model folder {folder} has no readable {MANIFEST}.") from error
    if manifest.get("format") != FORMAT:
        raise ModelError(
            f"The model in {folder} has the format {manifest.get('format')!r}; this version reads {FORMAT!r}."
        )
    with _CHECKING:  # a second thread waits and finds the digests in the cache
        for name, expected in listed:
            _check(folder, name, expected)
    encoder = sorted((name, digest) for name, digest in listed if name not in BESIDE_VECTORS)
    content = hashlib.sha256(json.dumps([dimension, max_tokens, encoder]).encode()).hexdigest()[:12]
    return ModelFolder(f"{folder.resolve().name}-{content}", dimension, max_tokens)


def load_checked(folder: Path, load: Callable[[], T]) -> tuple[ModelFolder, T]:
    """Checks a folder and calls `load` at the same time, as both take a few tenths of a second.

    Raises ModelError when a file is missing or damaged, and for whatever `load` raises.
    """
    with ThreadPoolExecutor(max_workers=1) as aside:
        checked = aside.submit(open_model_folder, folder)
        try:
            found = load()
        except Exception as error:  # onnxruntime and tokenizers raise kinds of their own
            checked.result()  # a damaged file explains more
            raise ModelError(f"The model in {folder} cannot be loaded: {error}") from error
        return checked.result(), found


def tokenizer(folder: Path) -> Tokenizer:
    """The folder's tokenizer, read once for all models of the folder.

    It is shared between threads: leave its padding and truncation off.
    """
    path = folder / "tokenizer.json"
    with _READING:
        return _tokenizer(path, _stamp(path))


def session(graph: Path, threads: int) -> ort.InferenceSession:
    """The graph on `threads` threads that sleep when there is nothing to do."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Threads that spin between two questions would take the processor from everything else.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def padded(rows: Sequence[Sequence[int]], fill: int = PAD) -> tuple[Tokens, Tokens]:
    """The rows filled up to the longest, and 1 for each place that was not filled: both `(n, longest)`."""
    found = np.full((len(rows), max(map(len, rows))), fill, np.int64)
    mask = np.zeros_like(found)
    for number, row in enumerate(rows):
        found[number, : len(row)] = row
        mask[number, : len(row)] = 1
    return found, mask


def _check(folder: Path, name: str, expected: str) -> None:
    path = folder / name
    try:
        found = _sha256(path, _stamp(path))
    except OSError as error:
        raise ModelError(f"The model folder {folder} lacks the file {name}. {RESTORE}") from error
    if found != expected:
        raise ModelError(
            f"The file {name} in {folder} is damaged: its SHA-256 differs from the manifest. {RESTORE}"
        )


def _stamp(path: Path) -> Stamp:
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ino


@lru_cache(maxsize=64)
def _sha256(path: Path, _: Stamp) -> str:
    return sha256(path)


@lru_cache(maxsize=1)
def _tokenizer(path: Path, _: Stamp) -> Tokenizer:
    return Tokenizer.from_file(str(path))

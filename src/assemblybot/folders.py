"""Where things are: what the package ships, and what belongs to the person who runs it.

A wheel ships model, corpus and its vectors in `assemblybot/data`, which is never written to; a checkout
has them at its root. The home folder holds a person's own corpus, indexes and state.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from importlib import resources
from pathlib import Path
from typing import BinaryIO, Final

import platformdirs

from assemblybot.errors import CorpusError

SHIPPED_MODEL: Final = "assembly-e5"
HOME: Final = "ASSEMBLYBOT_HOME"
_CHECKOUT: Final = Path(__file__).resolve().parents[2]


def home() -> Path:
    """`ASSEMBLYBOT_HOME`; else the current folder or the checkout where it holds `corpus/`; else the
    platform's folder for the data of a user's programs."""
    if named := os.environ.get(HOME):
        return Path(named).expanduser().absolute()
    for folder in (Path.cwd(), _CHECKOUT):
        if (folder / "corpus").is_dir():
            return folder
    return platformdirs.user_data_path("assemblybot", appauthor=False)


def history() -> Path:
    """File of the questions that were typed at the prompt, for the arrow keys."""
    if HOME in os.environ:
        return home() / "history"
    return platformdirs.user_state_path("assemblybot", appauthor=False) / "history"


def shipped(name: str) -> Path:
    """The folder `name` as it is shipped, whether it is there or not."""
    packaged = Path(str(resources.files("assemblybot"))) / "data" / name
    return packaged if packaged.is_dir() else _CHECKOUT / name


def corpus() -> Path:
    """The corpus in the home folder; the shipped one until there is one."""
    own = home() / "corpus"
    return own if own.is_dir() or not shipped("corpus").is_dir() else shipped("corpus")


def model() -> Path:
    """The shipped model, or the one of that name in the home folder."""
    own = home() / "models" / SHIPPED_MODEL
    return own if own.is_dir() else shipped("models") / SHIPPED_MODEL


def own_corpus(folder: Path) -> Path:
    """`folder`; of the one that a wheel ships, a copy in the home folder. Raises CorpusError."""
    own = home() / "corpus"
    if folder != shipped("corpus") or folder.parent == _CHECKOUT:
        return folder
    part = own.with_name(f".corpus-{os.getpid()}")
    try:
        shutil.copytree(folder, part)
        part.rename(own)
    except OSError as error:
        raise CorpusError(
            f"The documents cannot be copied to {own}: {error.strerror or error}. "
            f"Set {HOME} to a folder that may be written to."
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return own


def write_whole(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a file aside, synced, and put it in its place by one rename. Raises OSError."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    aside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        aside.chmod(mode)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def sha256(path: Path) -> str:
    """SHA-256 of a file, 64 hexadecimal digits. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def locked(path: Path) -> BinaryIO:
    """The lock file at `path`, held until it is closed: `with locked(path):`. Raises OSError."""
    lock = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock

"""The one tree of errors. Every message is fit for a user: what happened, and what to do.

Exit codes: 2 a question, citation or decision; 3 documents and collections; 4 the index; 5 the model;
6 settings; 7 platforms; 9 memory; 1 anything else.
"""

from __future__ import annotations

import errno
from typing import Final

# What libraries say of it in errors of a general kind.
_TOO_LITTLE: Final = (
    "bad_alloc",
    "Failed to allocate memory",
    "can't start new thread",
    "failed to map segment",
)


class AssemblybotError(Exception):
    """Base of every expected failure; the CLI prints the message without a traceback."""

    exit_code = 1


class QuestionError(AssemblybotError):
    """The question cannot be answered as it was sent (too long, no readable text)."""

    exit_code = 2


class QuestionTooLongError(QuestionError):
    """The question is longer than can be read."""


class CitationError(AssemblybotError):
    """What should be checked is no permalink and no citation, or lacks what is checked."""

    exit_code = 2


class CurationError(AssemblybotError):
    """A curator's decision cannot be taken: the question or the passage is not there, or is decided."""

    exit_code = 2


class CorpusError(AssemblybotError):
    """The corpus folder or a document in it cannot be used."""

    exit_code = 3


class DocumentReadError(CorpusError):
    """One file cannot be read as text."""


class CollectionError(AssemblybotError):
    """There is no collection of that name."""

    exit_code = 3


class CollectionUnavailableError(CollectionError):
    """The index of a collection is missing, or cannot be used just now."""


class IndexStoreError(AssemblybotError):
    """The index cannot be used."""

    exit_code = 4


class IndexMissingError(IndexStoreError):
    """No index was built in this folder yet."""


class IndexDamagedError(IndexStoreError):
    """A part of the index is missing, truncated or altered."""


class IndexForeignError(IndexStoreError):
    """The index was built with another model or by another version of the code."""


class IndexBuildError(IndexStoreError):
    """Building stopped before the end; what was there before is untouched."""


class IndexUnreachableError(IndexStoreError):
    """Milvus, which holds the vectors and postings of the index, does not answer."""


class ModelError(AssemblybotError):
    """The embedding model cannot be loaded."""

    exit_code = 5


class SettingsError(AssemblybotError):
    """A setting is missing or has a value that cannot be used."""

    exit_code = 6


class TokenMissingError(SettingsError):
    """The token `name` of a platform is not set."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not set. Put it into .env or the environment; see the README.")


class PortError(SettingsError):
    """The server cannot listen on a port."""

    def __init__(self, host: str, port: int, error: OSError) -> None:
        super().__init__(f"Port {port} of {host} cannot be used: {error.strerror}. Change HOST or PORT.")


class PlatformError(AssemblybotError):
    """Telegram or Slack refused something without which the bot cannot run."""

    exit_code = 7


class PlatformUnreachableError(PlatformError):
    """Telegram or Slack cannot be reached just now; trying again later may help."""


class TooLittleMemoryError(AssemblybotError):
    """The system gives this process no more memory, or no more threads."""

    exit_code = 9

    def __init__(self) -> None:
        super().__init__(
            "There is too little memory, or too few threads are allowed. End other programs, or raise the "
            "limit under which this one runs (ulimit, MemoryMax, TasksMax)."
        )


class ServiceHangsError(AssemblybotError):
    """Answers have stopped for good; the service ends, to be started anew."""


class DeliveryLostError(AssemblybotError):
    """The delivery is, or may be, another process's now: nothing may be sent for it."""


def lacks_memory(error: BaseException | None) -> bool:
    """Whether an error, or one that led to it, comes of too little memory."""
    while error:
        if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
            return True
        if any(said in str(error) for said in _TOO_LITTLE):
            return True
        error = error.__cause__ or error.__context__
    return False

"""Standard input and output: UTF-8, unless the person who runs the command asks for another encoding."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from assemblybot.errors import QuestionError


def open_closed() -> None:
    """Write to nowhere where whoever started the command has closed an output (`2>&-`)."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115


def set_encodings() -> None:
    """Let no encoding stop the output: what a character set lacks is written as an escape.

    Pipes and files carry UTF-8, as from Python 3.15 on (PEP 686). A terminal keeps its encoding, and
    everything does where PYTHONIOENCODING names one. Any line ending ends a line of input.
    """
    named = bool(os.environ.get("PYTHONIOENCODING", "").partition(":")[0])
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            lenient = stream.errors in ("strict", "surrogateescape")
            stream.reconfigure(
                encoding=None if named or stream.isatty() else "utf-8",
                errors="backslashreplace" if lenient else None,
            )
    if isinstance(sys.stdin, io.TextIOWrapper) and not sys.stdin.isatty():
        sys.stdin.reconfigure(encoding=None if named else "utf-8-sig", errors="strict", newline=None)


def writes_unicode() -> bool:
    """Whether standard output can carry every character."""
    return (sys.stdout.encoding or "").lower().startswith("utf")


def lines() -> Iterator[str]:
    """The lines of standard input. Raises QuestionError for what is no text in its encoding."""
    try:
        for line in sys.stdin:
            if "\0" in line:  # UTF-16, read a byte at a time
                raise ValueError
            yield line
    except ValueError as error:
        raise QuestionError(
            "The input is not text in UTF-8. Save it in that encoding, or name its own in PYTHONIOENCODING."
        ) from error

"""Damaged files of every format: each is added or refused in a sentence, and the corpus stays readable.

    python -m benchmarks.damaged --files 20000 [--seed 14] [--write]

Whole files of each format are changed in their bytes (altered, cut out, doubled, cut off, parts of one
moved into another), archives also in one of their members, and added as `assemblybot add` does, but in this
process, so that an exception that the readers let through is seen. No exception may get through, no file may
take ten seconds, and after every round the whole corpus must load. `last_resort` counts the files of which
the reader of the format said nothing itself.
"""

from __future__ import annotations

import io
import random
import re
import signal
import sys
import tempfile
import time
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from unittest.mock import patch

import docx
from tests.corpus.formats import test_open_formats
from tests.corpus.formats.pdf import producers

from assemblybot.corpus import adding, library
from assemblybot.corpus.adding import Added
from assemblybot.corpus.readers import read
from benchmarks.figures import options, report

_LONGEST = 10
_ROUND = 100
#: How the reader of every format says that a library failed in a way nobody thought of.
_LAST_RESORT = re.compile(r"it is no \.\w+ file \((\w+)\)")
_HTML = (
    "<title>Hours</title><nav><a href=/>Home</a></nav><main><h1>Opening hours</h1><p>Open at nine.<br>Closed"
    " on Friday.</p><table><tr><th>Day<th>Hour<tr><td rowspan=2>Monday<td>9</table><ol><li>One<ul><li>Two"
    "</ul></ol><pre>a  b</pre><dl><dt>Quay<dd>A wall</dl></main>"
)
_MARKDOWN = (
    "---\ntitle: Rules\n---\n# Rules\n\n| Port | Depth |\n|---|--:|\n| Ellen | 9 m |\n\n```sh\nrun\n```\n\n"
    "- one\n  1. two\n\n> quoted <b>x</b>\n\nTerm\n: Meaning[^1]\n\n[^1]: A note.\n<!-- x -->\n"
)


@dataclass
class Found:
    """What became of the files of one format."""

    added: int = 0
    refused: int = 0
    last_resort: Counter[str] = field(default_factory=Counter)
    exceptions: Counter[str] = field(default_factory=Counter)
    slow: int = 0
    unreadable_corpora: int = 0
    longest_seconds: float = 0.0

    @property
    def wrong(self) -> bool:
        """Whether anything happened that must not."""
        return bool(self.exceptions or self.slow or self.unreadable_corpora)


class TooSlow(BaseException):
    """Past the limit; no `except Exception` of a library stops it."""


def whole_files(folder: Path) -> dict[str, list[bytes]]:
    """Sound files of each format."""
    document = docx.Document()
    document.add_heading("Rules", 0)
    document.add_paragraph("Visas are needed.", style="List Bullet")
    document.add_table(rows=2, cols=2).cell(0, 0).text = "Port"
    stream = io.BytesIO()
    document.save(stream)
    pdfs = [
        *(
            producers.by_fpdf(producers.FRENCH, folder / f"a{small}.pdf", compress=bool(small))
            for small in (0, 1)
        ),
        producers.by_reportlab(producers.ARABIC, folder / "b.pdf"),
        producers.build(folder / "c.pdf", [producers.table([["a", "b"], ["1", "2"]], lines=True)], "Header"),
    ]
    arabic = "\n\n".join(producers.ARABIC)
    return {
        ".txt": [arabic.encode(), arabic.encode("utf-16"), arabic.encode("cp1256", "replace")],
        ".md": [_MARKDOWN.encode()],
        ".html": [_HTML.encode(), f"<meta charset=windows-1256>{arabic}".encode("cp1256", "replace")],
        ".docx": [stream.getvalue()],
        ".odt": [test_open_formats.odt(folder, test_open_formats.BODY)],
        ".epub": [test_open_formats.epub(folder)],
        ".pdf": [path.read_bytes() for path in pdfs],
    }


def damaged(whole: list[bytes], chance: random.Random) -> bytes:
    """One of the files, changed in a few places; every other archive in one of its members."""
    data = chance.choice(whole)
    if zipfile.is_zipfile(io.BytesIO(data)) and chance.random() < 0.5:
        return _repacked(data, chance)
    return _altered(data, whole, chance)


def _repacked(data: bytes, chance: random.Random) -> bytes:
    """An archive with one member altered, left out, doubled, or in the place of another."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [(entry.filename, archive.read(entry)) for entry in archive.infolist()]
    at = chance.randrange(len(members))
    name, content = members[at]
    match chance.randrange(8):
        case 0:
            del members[at]
        case 1:
            members.append((name, _altered(content, [content], chance)))
        case 2:
            members[at] = name, chance.choice(members)[1]
        case _:
            members[at] = name, _altered(content, [content for _, content in members], chance)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name that is there twice
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def _altered(whole: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Bytes changed in a few places, with pieces of others."""
    data = bytearray(whole)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at, size = chance.randrange(len(data) + 1), chance.choice((1, 1, 4, 64))
        match chance.randrange(6):
            case 0:
                data[at : at + size] = chance.randbytes(size)
            case 1:
                del data[at : at + size]
            case 2:
                data[at:at] = data[at : at + size] * chance.choice((1, 2, 200))
            case 3:
                other = chance.choice(others)
                begin = chance.randrange(len(other) + 1)
                data[at:at] = other[begin : begin + 16 * size]
            case 4:
                data[at : at + 1] = chance.choice((b"\x00", b"\xff", b"0", b"9999999999", b"<", b"(", b"/"))
            case _ if chance.random() < 0.2:
                del data[at:]
    return bytes(data)


@contextmanager
def time_limit() -> Iterator[None]:
    """TooSlow after the limit."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TooSlow

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(_LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)


def try_format(suffix: str, whole: list[bytes], files: int, chance: random.Random, folder: Path) -> Found:
    """Add damaged files of one format, a fresh corpus every round."""
    found = Found()
    for begin in range(0, files, _ROUND):
        corpus = folder / f"{suffix[1:]}-{begin}"
        for number in range(begin, min(begin + _ROUND, files)):
            path = folder / f"{number}{suffix}"
            path.write_bytes(damaged(whole, chance))
            add_one(path, corpus, found)
            path.unlink()
        try:
            if corpus.exists() and any(library.document_folders(corpus)):
                library.load(corpus)
        except Exception as error:
            found.unreadable_corpora += 1
            print(f"corpus {corpus.name}: {error!r}", file=sys.stderr)
        print(f"{suffix}: {min(begin + _ROUND, files)} of {files}", file=sys.stderr)
    return found


def add_one(path: Path, corpus: Path, found: Found) -> None:
    """Add one file and count what became of it."""
    started = time.perf_counter()
    try:
        with time_limit():
            [result] = adding.add([path], corpus)
        found.added += isinstance(result, Added)
        found.refused += not isinstance(result, Added)
        if not isinstance(result, Added) and (named := _LAST_RESORT.search(result.reason)):
            found.last_resort[named[1]] += 1
    except TooSlow:
        found.slow += 1
    except Exception as error:
        found.exceptions[f"{type(error).__name__}: {str(error)[:100]}"] += 1
    found.longest_seconds = max(found.longest_seconds, round(time.perf_counter() - started, 2))


def main() -> int:
    """Run, print, and say by the exit code whether anything was wrong."""
    parser = options(__doc__)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=14)
    chosen = parser.parse_args()
    chance = random.Random(chosen.seed)
    with tempfile.TemporaryDirectory() as name, patch.object(adding, "read_bounded", read):
        folder = Path(name)
        whole = whole_files(folder)
        share = chosen.files // len(whole)
        found = {suffix: try_format(suffix, files, share, chance, folder) for suffix, files in whole.items()}
    figures = {
        "files": share * len(whole),
        "seed": chosen.seed,
        "formats": {suffix: vars(one) for suffix, one in found.items()},
    }
    report("damaged", figures, write=chosen.write)
    return int(any(one.wrong for one in found.values()))


if __name__ == "__main__":
    sys.exit(main())

"""Chooses which pieces of multilingual-e5-small are kept, and writes ``tokenizer.json``.

A piece stays when it is special, when it is made of the letters of the five languages, digits or marks
(`tokenizer.is_kept`), or when a text of the data is cut into it. ``vocabulary.py --data DATA --out FOLDER``
writes ``tokenizer.json`` and ``pieces.npy``, the row in the original table of each kept piece.
"""

from __future__ import annotations

import argparse
import gzip
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

import e5
from tokenizer import SPECIAL, build, is_kept

HERE = Path(__file__).parent
#: parallel text is plentiful and mostly the wording of programs: one line in ten is enough
EVERY_PARALLEL = 10
LINES_AT_ONCE = 2_000


def lines(data: Path) -> Iterator[str]:
    """Lines of the reading data, of the project's own text, and some of the parallel text."""
    for path in sorted((data / "qa").glob("*.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            yield from file
    for folder in ("domain", "reading", "talk"):
        for path in sorted((HERE / folder).iterdir()):
            yield from path.read_text("utf-8").splitlines()
    for path in sorted((data / "parallel").glob("*.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            yield from islice(file, 0, None, EVERY_PARALLEL)


def counted(tokenizer: Tokenizer, texts: Iterable[str]) -> NDArray[np.int64]:
    """How often each piece occurs, ``(pieces,)``."""
    counts = np.zeros(tokenizer.get_vocab_size(), np.int64)
    left = iter(texts)
    while part := list(islice(left, LINES_AT_ONCE)):
        for encoding in tokenizer.encode_batch(part, add_special_tokens=False):
            np.add.at(counts, encoding.ids, 1)
    return counts


def chosen(pieces: list[str], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers of the pieces that stay, rising; the special ones come first and keep theirs."""
    return np.array(
        [n for n, piece in enumerate(pieces) if n < len(SPECIAL) or counts[n] > 0 or is_kept(piece)], np.int64
    )


def cut(model: e5.E5, kept: NDArray[np.int64]) -> Tokenizer:
    """A tokenizer over the kept pieces."""
    return build([model.pieces[n] for n in kept], [float(model.scores[n]) for n in kept])


def main() -> None:
    """Count, choose and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with qa/ and parallel/")
    parser.add_argument("--out", type=Path, required=True, help="folder of tokenizer.json and pieces.npy")
    options = parser.parse_args()
    model = e5.read(e5.package_file())
    kept = chosen(model.pieces, counted(build(model.pieces, list(model.scores)), lines(options.data)))
    options.out.mkdir(parents=True, exist_ok=True)
    np.save(options.out / "pieces.npy", kept)
    cut(model, kept).save(str(options.out / "tokenizer.json"), pretty=False)
    print(f"kept {len(kept)} of {len(model.pieces)} pieces")


if __name__ == "__main__":
    main()

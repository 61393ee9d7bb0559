"""`make vectors`: writes `index/vectors.npz`, so that a first start need not embed the shipped corpus.

Run it, and commit the file, when the corpus or the encoder has changed; a test fails until then. Encoders
differ in the last bit between processors, so the test compares within rounding.
"""

from __future__ import annotations

from pathlib import Path

from assemblybot.corpus import library
from assemblybot.embedding import load_embedder
from assemblybot.index import kept_vectors
from assemblybot.index.build import build, known_vectors
from assemblybot.startup import silent

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Embed every text of the shipped corpus."""
    embedder = load_embedder(str(ROOT / "models" / "assembly-e5"))
    index = build(library.load(ROOT / "corpus"), embedder, silent)
    kept_vectors.write(ROOT / "index", embedder.id, known_vectors(index))
    print(f"{len(known_vectors(index))} vectors in index/{kept_vectors.NAME}")


if __name__ == "__main__":
    main()

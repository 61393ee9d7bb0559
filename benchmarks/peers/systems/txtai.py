"""txtai with content stored and external vectors, as in its guides: paragraphs by `Segmentation`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers.systems.base import Hit, Text, Vectors
from txtai import Embeddings


class System:
    """One index, hybrid; dense search gives the vectors all the weight."""

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors

    def split(self, article: Path) -> list[Text]:
        """Paragraphs, parted by empty lines."""
        from txtai.pipeline import Segmentation

        parts = Segmentation(paragraphs=True)(article.read_text(encoding="utf-8"))
        return [Text(part, part) for part in parts]

    def build(self, texts: Sequence[Text], folder: Path) -> None:
        """Vectors, keywords and content in one folder; a function cannot be kept with them."""
        index = Embeddings(method="external", transform=self._transform(), content=True, hybrid=True)
        index.index([{"text": t.text, "cited": t.cited} for t in texts])
        del index.config["transform"]
        index.save(str(folder))

    def open(self, folder: Path, *, hybrid: bool) -> None:
        """Load the folder and set the function anew."""
        self._index = Embeddings()
        self._index.load(str(folder), config={"method": "external", "transform": self._transform()})
        self._weights = 0.5 if hybrid else 1.0

    def search(self, question: str, count: int) -> list[Hit]:
        """Rows with the score of the index."""
        sql = "select text, cited, score from txtai where similar(:question)"
        rows = self._index.search(sql, count, self._weights, parameters={"question": question})
        return [Hit(row["text"], row["cited"], float(row["score"])) for row in rows]

    def _transform(self) -> Callable[[list[str]], Any]:
        def transform(texts: list[str]) -> Any:
            return self._vectors.of(texts)

        return transform

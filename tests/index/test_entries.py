"""Which entries a passage has in a small and in a large corpus."""

from __future__ import annotations

from pathlib import Path

import pytest

from assemblybot.corpus import library
from assemblybot.index.entries import EntryKind, entries, is_large


@pytest.mark.parametrize("large", [False, True])
def test_items_of_lists_keep_their_context_in_a_large_corpus(small_corpus: Path, large: bool) -> None:
    corpus = library.load(small_corpus)
    found = entries(corpus, large=large)
    in_context = {entry.passage: entry.text for entry in found if entry.kind is EntryKind.CONTEXT}
    items = [at for at, passage in enumerate(corpus.passages) if passage.lead_in is not None]
    assert len(items) == 3
    for item in items:
        assert "The council promised three things:" in in_context[item]
        assert corpus.passages[item].text in in_context[item]
    assert (len(in_context) == len(items)) is large


def test_a_corpus_is_large_from_20_000_passages_on() -> None:
    """As docs/scaling.md says."""
    assert [is_large(count) for count in (19_999, 20_000)] == [False, True]

"""Which sentences are topics."""

from __future__ import annotations

import numpy as np
import pytest

from assemblybot.corpus.document import Document, Metadata
from assemblybot.corpus.formats import markdown
from assemblybot.corpus.library import Corpus
from assemblybot.corpus.passages import split
from assemblybot.index.entries import entries
from assemblybot.index.topics import has_topic, key_sentences_of, topics_of
from assemblybot.text.sentences import Span


def document(text: str) -> Document:
    extract = markdown.extract(text.encode())
    return Document("d", extract.text, Metadata("", "en"), split("d", extract))


@pytest.mark.parametrize(("length", "fits"), [(100, True), (101, False)])
def test_a_title_and_a_sentence_may_be_as_long(length: int, fits: bool) -> None:
    sentence = "The village keeps hives ".ljust(length - 1, "e") + "."
    about = document(f"# Hives\n\n{sentence}\n")
    shown = topics_of(about, about.passages[1], Span(0, length), "en").sentence
    assert shown == (sentence if fits else "")
    assert has_topic(sentence) is fits


def test_of_sentences_as_good_as_equally_near_the_first_is_the_key() -> None:
    about = document(
        "# House\n\n## Hall\n\nThe hall is open to all from nine to five.\n\n"
        "It is closed on Sundays and in August.\n\n## Bar\n\nThe bar opens in the evening at six.\n"
    )
    rows = entries(Corpus((about,), ""))
    vectors = np.ones((len(rows), 1), np.float32)
    vectors[[row.text.startswith("It is closed") for row in rows]] = 1.00002
    assert key_sentences_of([about], rows, vectors)[:, 0].tolist() == [2, 5]
    vectors[[row.text.startswith("It is closed") for row in rows]] = 1.001
    assert key_sentences_of([about], rows, vectors)[:, 0].tolist() == [3, 5]

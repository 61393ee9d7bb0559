"""The words that Darija in Latin letters is respelled with are those of the project's text."""

import words


def test_the_shipped_words_are_those_that_are_counted() -> None:
    assert words.WORDS.read_text("utf-8").split() == words.counted()

"""What a user sent, before retrieval: cleaned, without courtesies, and whether it is a follow-up."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import category

from assemblybot.answering.answer import Remark
from assemblybot.answering.phrases import WORD, bare, phrases
from assemblybot.errors import QuestionError, QuestionTooLongError
from assemblybot.text.bidi import clean_question

LONGEST_QUESTION: Final = 2000
#: A text with at most this many words may be keywords rather than a sentence.
MOST_KEYWORDS: Final = 3
#: A longer question says enough by itself.
_LONGEST_FOLLOW_UP: Final = 6

_REMARKS: Final = (Remark.GREETING, Remark.THANKS, Remark.GOODBYE)
# How Slack writes emoji.
_EMOJI_NAME = re.compile(r"(?<!\S):[\w+'-]+:(?!\S)")
_COMMAND = re.compile(r"[/:][\w-]+(?:@\w+)?\s*$")


def cleaned(text: str) -> str:
    """The question on one line, without control characters.

    Raises QuestionTooLongError when it is longer than LONGEST_QUESTION characters.
    """
    if len(text) > 16 * LONGEST_QUESTION:
        raise _too_long(len(text))
    clean = clean_question(text)
    if len(clean) > LONGEST_QUESTION:
        raise _too_long(len(clean))
    return clean


def require_readable(text: str) -> None:
    """Raises QuestionError when there is no letter or digit in a text."""
    if not any(char.isalnum() for char in text):
        raise QuestionError("There is no readable text in the question. Ask it in words.")


def _too_long(length: int) -> QuestionTooLongError:
    return QuestionTooLongError(
        f"The question has {length:,} characters; at most {LONGEST_QUESTION:,} can be read. Ask it shorter."
    )


def remark(text: str) -> Remark | None:
    """What a text is that asks nothing: made of courtesies or emoji alone, or a command; else `None`."""
    if _COMMAND.match(text):
        return Remark.HELP
    without = _EMOJI_NAME.sub(" ", text)
    rest = bare(without)
    if not rest and (without != text or any(category(char) == "So" for char in text)):
        return Remark.CHATTER
    first: Remark | None = None
    while rest:
        found = _leading(rest)
        if found is None:
            return None
        kind, length = found
        first = kind if first in (None, Remark.GREETING) else first
        rest = rest[length:].strip()
    return first


def are_keywords(text: str) -> bool:
    """Whether a text is a few words that name something and ask nothing: “opening hours”."""
    said = bare(text).split()
    return len(said) <= MOST_KEYWORDS and not any(word in phrases("function_words") for word in said)


def _leading(rest: str) -> tuple[Remark | None, int] | None:
    """The courtesy at the beginning of `rest`: what it is, if a remark, and its length."""
    for kind in (*_REMARKS, None):
        for phrase in phrases(str(kind) if kind else "please"):
            if rest == phrase or rest.startswith(phrase + " "):
                return kind, len(phrase)
    return None


def without_courtesy(text: str) -> str:
    """The question without a greeting before it or a “please” after it; never empty."""
    words = list(WORD.finditer(text))
    folded = [bare(word.group()) for word in words]
    start, end = 0, len(words)
    while (taken := _courtesy_length(" ".join(folded[start:end]), at_start=True)) and taken < end - start:
        start += taken
    while (taken := _courtesy_length(" ".join(folded[start:end]), at_start=False)) and taken < end - start:
        end -= taken
    if (start, end) == (0, len(words)):
        return text
    tail = text[words[end - 1].end() :] if end == len(words) else ""
    return text[words[start].start() : words[end - 1].end()] + tail


def _courtesy_length(folded: str, *, at_start: bool) -> int:
    """Number of words of the longest courtesy at that end of the text."""
    for phrase in phrases("greeting", "thanks", "please"):
        if (at_start and folded.startswith(phrase + " ")) or (not at_start and folded.endswith(" " + phrase)):
            return len(phrase.split())
    return 0


def continues(text: str) -> bool:
    """Whether a text is nothing but a word for “and then?”; by itself it looks like talk."""
    return bare(text) in phrases("continues")


def is_follow_up(text: str) -> bool:
    """Whether a question says too little by itself: an “and”, a word that points back, or no name."""
    said = bare(text)
    words = said.split()
    if len(words) > _LONGEST_FOLLOW_UP:
        return False
    if any(said == phrase or said.startswith(phrase + " ") for phrase in phrases("follows")):
        return True
    if any(word in phrases("refers_back") for word in words):
        return True
    return has_only_function_words(text)


def has_only_function_words(text: str) -> bool:
    """Whether no word of a text says something by itself: “when?”, “and where was it?”."""
    return all(word in phrases("function_words") for word in bare(text).split())

"""Questions in one language by somebody who chose another, and what every channel must show of that one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from assemblybot.messages import say
from assemblybot.render.place import day
from assemblybot.text.bidi import strip_bidi
from assemblybot.text.language import InterfaceLanguage
from tests.doubles import answers

_ASKED: Final[dict[InterfaceLanguage, tuple[str, str, str]]] = {
    "fr": ("Combien de délégués étaient présents ?", "Résume-le", "Comment faire un gâteau au chocolat ?"),
    "en": ("How many delegates attended?", "Summarise it", "How do I bake a chocolate cake?"),
}
_ANSWERS: Final = 12
_BEGINS: Final = "2025-11-24"


def _other(chosen: InterfaceLanguage) -> InterfaceLanguage:
    return "en" if chosen == "fr" else "fr"


def questions(chosen: InterfaceLanguage) -> tuple[str, str, str]:
    """One that is answered, one for a summary, one that is refused; in another language than `chosen`."""
    return _ASKED[_other(chosen)]


def check(chosen: InterfaceLanguage, shown: Sequence[str]) -> None:
    """All words that are `shown` for each of the questions are in `chosen`: AssertionError for others."""
    answer, summary, refusal = map(strip_bidi, shown)
    ours, theirs = (_expected(language) for language in (chosen, _other(chosen)))
    for place, words in enumerate((answer, summary, refusal)):
        assert all(one in words for one in ours[place]), (ours[place], words)
        assert not any(one in words for one in theirs[place]), words
    article = answers.document()
    asked = {text for by in article.questions.values() for text in by[chosen]}
    assert sum(question in refusal for question in asked) >= 3, refusal  # one may hold another
    assert not any(text in refusal for by in article.questions.values() for text in by[_other(chosen)])


def _expected(language: InterfaceLanguage) -> tuple[list[str], list[str], list[str]]:
    """What an answer, a summary and a refusal say in a language: words, translation, title, dates."""
    article = answers.document()
    read = article.translations.get(language, {})
    label = [say(language, "translation-label")] if read else []
    title = read.get(1, article.metadata.title)
    return (
        [read.get(_ANSWERS, article.passages[_ANSWERS - 1].text)[:80], f"· {title}", *label],
        [strip_bidi(say(language, "summary")), day(_BEGINS, language)],
        [say(language, "not-in-corpus"), say(language, "try-one-of-these")],
    )

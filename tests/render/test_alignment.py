"""What of a translation stands for what of its original, and where that is not known."""

from __future__ import annotations

import pytest

from assemblybot.render.alignment import translated_clauses, translated_sentences
from assemblybot.text.sentences import Span

ORIGINAL = "افتتح المؤتمر في الرباط يوم الاثنين، وحضره ٨٠ مندوباً من كل البلدان. ثم انتهى في 27 نوفمبر."
TRANSLATION = (
    "The conference was opened in Rabat on Monday, and 80 delegates from all countries came."
    " It ended on 27 November."
)


def span(text: str, part: str) -> Span:
    return Span(text.index(part), text.index(part) + len(part))


def test_sentences_stand_in_order() -> None:
    found = translated_sentences(ORIGINAL, span(ORIGINAL, "ثم انتهى"), TRANSLATION)
    assert found and found.slice(TRANSLATION) == "It ended on 27 November."


@pytest.mark.parametrize(
    "translation", ["It all happened in one sentence with 80 and 27.", "One. It ended on 28 November.", ""]
)
def test_other_sentences_or_other_figures_are_unknown(translation: str) -> None:
    assert translated_sentences(ORIGINAL, span(ORIGINAL, "ثم انتهى في 27 نوفمبر."), translation) is None


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ("افتتح المؤتمر في الرباط يوم الاثنين،", "The conference was opened in Rabat on Monday,"),
        ("وحضره ٨٠ مندوباً من كل البلدان.", "and 80 delegates from all countries came."),
        ("٨٠", "and 80 delegates from all countries came."),
        ("الرباط", None),
    ],
)
def test_clauses_stand_in_order_or_by_their_figures(mark: str, said: str | None) -> None:
    first = Span(0, TRANSLATION.index(" It ended"))
    found = translated_clauses(ORIGINAL, span(ORIGINAL, mark), TRANSLATION, first)
    assert (found and found.slice(TRANSLATION)) == said

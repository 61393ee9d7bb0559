"""The sentences that answer, and what is highlighted of them in a translation."""

from __future__ import annotations

from dataclasses import replace

from assemblybot.answering.answer import Citation, Translation
from assemblybot.render.answering_part import Part, original, translation
from assemblybot.text.sentences import Span
from tests.doubles import answers


def cited(text: str, words: str, translated: str | None) -> Citation:
    """A passage with `words` of it highlighted."""
    start = text.index(words)
    marks = ((start, start + len(words)),) if words else ()
    into = Translation("en", translated) if translated else None
    return replace(answers.citation(3, "en"), text=text, highlights=marks, translation=into)


def marked(part: Part | None) -> list[str]:
    assert part is not None
    return [part.text[start:end] for start, end in part.marks]


ARABIC = "افتتح المؤتمر يوم 24 نوفمبر 2025، بحضور وفود كثيرة من كل القارات. وانتهت أشغاله بعد ثلاثة أيام."
ENGLISH = (
    "With many delegations from every continent present, it opened on 24 November 2025."
    " It ended three days later."
)


def test_the_sentence_that_holds_the_highlight() -> None:
    citation = cited(ARABIC, "وانتهت أشغاله", ENGLISH)
    assert original(citation, whole=False) == Part("وانتهت أشغاله بعد ثلاثة أيام.", ((0, 13),))
    assert original(citation, whole=True) == Part(ARABIC, citation.highlights)
    part = translation(citation, whole=False)
    assert part is not None
    assert part.text == "It ended three days later."
    assert marked(part) == ["It ended three days later."]
    assert marked(translation(citation, whole=True)) == ["It ended three days later."]


def test_a_clause_that_stands_elsewhere_in_the_translation_is_found_by_its_numbers() -> None:
    part = translation(cited(ARABIC, "افتتح المؤتمر يوم 24 نوفمبر 2025،", ENGLISH), whole=False)
    assert "it opened on 24 November 2025." in marked(part)[0]


def test_numbers_are_the_same_in_whatever_digits() -> None:
    arabic = "حضر اللقاء وفد كبير من بلدان كثيرة، وبلغ عدد أعضائه ١٧٩ مندوباً ومندوبة."
    english = (
        "Numbering 179 delegates in all, men and women, a delegation from many countries came to the meeting."
    )
    part = translation(cited(arabic, "وبلغ عدد أعضائه ١٧٩ مندوباً ومندوبة.", english), whole=False)
    assert "179" in marked(part)[0]


def test_without_a_highlight_the_whole_passage_answers_and_nothing_is_marked() -> None:
    citation = cited(ARABIC, "", ENGLISH)
    assert original(citation, whole=False) == Part(ARABIC)
    assert translation(citation, whole=False) == Part(ENGLISH)


def test_without_a_translation_there_is_none() -> None:
    assert translation(cited(ARABIC, "وانتهت", None), whole=False) is None


def test_a_part_keeps_the_marks_inside_it() -> None:
    assert Part("one two three", ((0, 5), (8, 13))).of(Span(4, 10)) == Part("two th", ((0, 1), (4, 6)))

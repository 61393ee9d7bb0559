from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assemblybot.text.sentences import Span, clauses, sentences

TEXT = st.text(alphabet="ابت abc.،؛!?؟…\n:()«»12 \u00a0", max_size=200)


@given(TEXT)
def test_sentences_cover_all_but_blanks_in_order(text: str) -> None:
    spans = sentences(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    left = list(text)
    for span in spans:
        left[span.start : span.end] = " " * (span.end - span.start)
    assert not "".join(left).strip()


@given(TEXT)
def test_clauses_lie_within_their_sentence(text: str) -> None:
    for sentence in sentences(text):
        parts = clauses(text, sentence)
        assert parts
        assert parts[0].start == sentence.start
        assert parts[-1].end == sentence.end
        assert all(a.end <= b.start for a, b in pairwise(parts))


def texts(text: str) -> list[str]:
    return [span.slice(text) for span in sentences(text)]


def test_arabic_marks_end_sentences_and_commas_do_not() -> None:
    assert texts("قال المدير، ثم خرج. هل عاد؟ نعم؛ عاد…") == [
        "قال المدير، ثم خرج.",
        "هل عاد؟",
        "نعم؛",
        "عاد…",
    ]


def test_digits_abbreviations_and_list_numbers_are_guarded() -> None:
    assert texts("Art. 5 costs 3.5 crowns. M. Dupont agreed.") == [
        "Art. 5 costs 3.5 crowns.",
        "M. Dupont agreed.",
    ]
    assert texts("1. ترجمة القرارات") == ["1. ترجمة القرارات"]


def test_clauses_are_cut_at_commas_and_short_ones_joined() -> None:
    text = "The harbour, it seems, was opened by the mayor of the town, who had paid for all of it."
    parts = [part.slice(text) for part in clauses(text, Span(0, len(text)))]
    assert parts == [
        "The harbour, it seems, was opened by the mayor of the town,",
        "who had paid for all of it.",
    ]

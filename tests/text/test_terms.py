import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblybot.text.language import LANGUAGES
from assemblybot.text.terms import arabic_skeleton, arabizi_skeleton, word_terms


@pytest.mark.parametrize(
    ("latin", "arabic"),
    [
        ("lmo2tamar", "المؤتمر"),
        ("lijtima3", "الاجتماع"),
        ("l7amouchi", "الحموشي"),
        ("lmaghribi", "المغربي"),
        ("9ararat", "القرارات"),
        ("chabakat", "الشبكات"),
    ],
)
def test_arabizi_and_arabic_meet_in_one_skeleton(latin: str, arabic: str) -> None:
    assert arabizi_skeleton(latin) == arabic_skeleton(arabic) is not None


def test_too_few_consonants_tell_nothing() -> None:
    assert arabizi_skeleton("wa") is None
    assert arabic_skeleton("من") is None


def test_darija_question_words_become_arabic() -> None:
    assert "كم" in word_terms("شحال ديال الدول", "ary")
    assert "ديال" not in word_terms("شحال ديال الدول", "ary")


def test_clitics_and_stems_bring_forms_together() -> None:
    assert set(word_terms("بالقرارات", "ar")) & set(word_terms("القرارات", "ar"))
    assert set(word_terms("delegates", "en")) & set(word_terms("delegate", "en"))


@given(st.text(max_size=100), st.sampled_from(LANGUAGES))
def test_any_text_has_terms_without_blanks(text: str, language: str) -> None:
    for term in word_terms(text, language):  # type: ignore[arg-type]
        assert term
        assert term == term.strip()

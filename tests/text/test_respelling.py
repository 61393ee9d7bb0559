"""Darija in Latin letters, respelled in Arabic letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblybot.text.respelling import respelled, spellings


@pytest.mark.parametrize(
    ("latin", "arabic"),
    [
        ("ch7al dyal lmowadafin", "شحال ديال الموظفين"),
        ("chhal dyal lmouwaddafin", "شحال ديال الموظفين"),
        ("fin dar lmo2tamar?", "فين دار المؤتمر"),
        ("3lach tsed lma3rad", "علاش تسد المعرض"),
    ],
)
def test_known_words(latin: str, arabic: str) -> None:
    assert respelled(latin) == arabic


def test_a_word_that_is_not_known_is_respelled_letter_by_letter() -> None:
    assert respelled("zkhrvgh") == "زخرفغ"
    assert respelled("lzkhrvgh") == "الزخرفغ"


def test_numbers_and_accented_words_stay() -> None:
    assert respelled("93 cathétérisme 2025").split()[::2] == ["93", "2025"]
    assert "cathétérisme" in respelled("93 cathétérisme 2025")


def test_only_darija_in_latin_letters_has_two_spellings() -> None:
    assert spellings("fin kan", "ary-Latn") == ("fin kan", "فين كان")
    assert spellings("où est-ce ?", "fr") == ("où est-ce ?",)


@given(st.text() | st.text("abcdefghijklmnopqrstuvwxyz0123456789 "))
def test_what_is_respelled_stays_as_it_is(text: str) -> None:
    found = respelled(text)
    assert found == " ".join(found.split())
    assert respelled(found) == found

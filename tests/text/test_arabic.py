import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblybot.text.arabic import arabic_share, fold, normalise

ARABIC = st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويأإآٱىةؤئءًٌٍَُِّْـ٠١٢ abc123 ﷲﻻ\u200f", max_size=80)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("الإنتربول", "الانتربول"),
        ("مُتابَعة", "متابعه"),
        ("مـــراكش", "مراكش"),
        ("على", "علي"),
        ("مسؤول", "مسوول"),
        ("٢٠٢٥", "2025"),
        ("Assemblée", "assemblee"),
        ("ﻻ", "لا"),
    ],
)
def test_fold(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.one_of(ARABIC, st.text(max_size=80)))
def test_normalise_maps_every_character_back(text: str) -> None:
    found = normalise(text)
    assert found.text == fold(text)
    assert len(found.offsets) == len(found.text)
    assert list(found.offsets) == sorted(found.offsets)
    assert all(0 <= offset < len(text) for offset in found.offsets)


@given(ARABIC, st.data())
def test_span_of_a_slice_folds_to_that_slice(text: str, data: st.DataObject) -> None:
    found = normalise(text)
    if not found.text:
        return
    start = data.draw(st.integers(0, len(found.text) - 1))
    end = data.draw(st.integers(start + 1, len(found.text)))
    first, last = found.span(start, end)
    assert 0 <= first < last <= len(text)
    assert found.text[start:end] in fold(text[first:last])


def test_span_takes_the_vowel_signs_of_its_last_letter() -> None:
    text = "قالَ المديرُ"
    found = normalise(text)
    start, end = found.span(0, 3)
    assert text[start:end].strip() == "قالَ"


def test_span_outside_the_text() -> None:
    with pytest.raises(ValueError, match="no slice"):
        normalise("abc").span(2, 9)


@given(ARABIC)
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_arabic_share() -> None:
    assert arabic_share("مراكش") == 1.0
    assert arabic_share("Interpol") == 0.0
    assert arabic_share("123 !") == 0.0

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblybot.text.arabic import arabic_share, fold

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


@given(ARABIC)
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_arabic_share() -> None:
    assert arabic_share("مراكش") == 1.0
    assert arabic_share("Interpol") == 0.0
    assert arabic_share("123 !") == 0.0

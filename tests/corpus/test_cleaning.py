import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblybot.corpus.cleaning import is_furniture, text_blocks


@pytest.mark.parametrize(
    "block",
    [
        "Loading...",
        "شاهد أيضاً",
        "تعليقات الزوار",
        "Read also",
        "À lire aussi :",
        "Comentarios (3)",
        "We use cookies to improve your experience. Accept",
        "يستخدم هذا الموقع ملفات تعريف الارتباط لتحسين تجربتك. موافق",
        "Ce site utilise des cookies pour améliorer votre expérience.",
        "— • —",
    ],
)
def test_furniture(block: str) -> None:
    assert is_furniture(block)


@pytest.mark.parametrize(
    "block",
    [
        "The baker sells cookies and bread.",
        "The comments of the minister were brief.",
        "شاهد أيضاً كيف استعدت المدينة لاستقبال الوفود من كل القارات",
        "2025",
        "Home affairs",
    ],
)
def test_text(block: str) -> None:
    assert not is_furniture(block)


def test_links_below_a_closing_label_are_dropped_and_paragraphs_kept() -> None:
    paragraph = "The council met again on Monday, and it decided to go on with the work. " * 3
    blocks = ["A text.", "See also", "Ten ways to cook rice", "Loading...", paragraph.strip()]
    assert text_blocks(blocks) == [True, False, False, False, True]


SENTENCES = st.text(alphabet="ابتثج abcde,؛ ", min_size=60, max_size=200).map(lambda text: f"The {text} end.")
FURNITURE = st.sampled_from(["Loading...", "شاهد أيضا", "Comments", "Share", "— • —", "Lire aussi"])


@given(st.lists(st.one_of(SENTENCES, FURNITURE, st.text(max_size=60)), max_size=20))
def test_each_block_is_judged_and_furniture_never_kept(blocks: list[str]) -> None:
    kept = text_blocks(blocks)
    assert len(kept) == len(blocks)
    assert not any(keep and is_furniture(block) for keep, block in zip(kept, blocks, strict=True))
    assert kept == text_blocks(blocks)


@given(st.lists(SENTENCES, min_size=1, max_size=10))
def test_whole_sentences_are_always_kept(blocks: list[str]) -> None:
    assert all(text_blocks(blocks))

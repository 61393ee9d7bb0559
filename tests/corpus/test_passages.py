from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assemblybot.corpus import library
from assemblybot.corpus.document import PassageKind
from assemblybot.corpus.formats import plain
from assemblybot.corpus.passages import split
from tests.conftest import ARTICLE, ROOT, SMALL_TEXT

LINES = st.lists(
    st.text(alphabet="ابت abc.:؛1-•#\u00a0", max_size=120) | st.just("Loading...") | st.just(""), max_size=30
)


def kinds(text: str) -> list[tuple[str, str]]:
    return [(p.kind.value, p.text) for p in split("d", plain.extract(text.encode()))]


def test_structure_of_a_short_document() -> None:
    found = split("harbour", plain.extract(SMALL_TEXT.encode()))
    assert [p.kind for p in found] == [
        PassageKind.TITLE,
        PassageKind.BYLINE,
        PassageKind.PARAGRAPH,
        PassageKind.HEADING,
        PassageKind.LEAD_IN,
        PassageKind.ITEM,
        PassageKind.ITEM,
        PassageKind.ITEM,
        PassageKind.PARAGRAPH,
    ]
    assert {p.lead_in for p in found if p.kind is PassageKind.ITEM} == {5}
    assert found[5].section == "What changed"
    assert found[2].section is None
    assert found[3].section == "What changed"


@given(LINES)
def test_passages_are_slices_in_order_with_stable_ids(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = split("d", plain.extract(text.encode()))
    assert [p.number for p in found] == list(range(1, len(found) + 1))
    assert all(text[p.start : p.end] == p.text and p.text.strip() == p.text for p in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert found == split("d", plain.extract(text.encode()))
    for passage in found:
        if passage.lead_in is not None:
            assert found[passage.lead_in - 1].kind in (PassageKind.LEAD_IN, PassageKind.HEADING)


def test_numbered_list_ends_where_the_numbers_end() -> None:
    text = (
        "Points to watch:\n1. The first thing to do\n2. The second thing to do\nIt all depends on the money."
    )
    assert [kind for kind, _ in kinds(text)] == ["lead_in", "item", "item", "paragraph"]


def test_items_with_full_stops_end_at_a_sentence_that_looks_back() -> None:
    text = (
        "They spoke of:\nA better quay.\nA school for divers.\nThese plans will cost a lot, and nobody pays."
    )
    assert [kind for kind, _ in kinds(text)] == ["lead_in", "item", "item", "paragraph"]


def test_bullets_without_a_lead_in() -> None:
    assert [kind for kind, _ in kinds("Notes of a day\n• one thing here\n• another thing there")][1:] == [
        "item"
    ] * 2


def test_hard_wrapped_text_is_joined_by_blank_lines() -> None:
    paragraph = "\n".join(["a line of text that breaks at a column because mail does so"] * 4) + "\nand ends."
    found = split("d", plain.extract(f"{paragraph}\n\n{paragraph}\n\n{paragraph}\n".encode()))
    assert len(found) == 3


def test_a_page_long_paragraph_is_cut_between_sentences() -> None:
    sentence = "The harbour was rebuilt by the town in nine years of hard work. "
    found = split("d", plain.extract((sentence * 60).encode()))
    assert len(found) > 1
    assert all(len(p.text) <= 1500 and p.text.endswith("work.") for p in found)


def test_the_article_has_its_43_passages_and_no_furniture() -> None:
    document = library.load(ROOT / "corpus").documents[0]
    raw = ARTICLE.read_bytes().decode("utf-8")
    assert document.text == raw
    assert len(document.passages) == 43
    joined = "\n".join(p.text for p in document.passages)
    for furniture in ("شاهد أيضا", "تعليقات الزوار", "Loading", "ملفات تعريف الارتباط"):
        assert furniture not in joined
    assert [p.number for p in document.passages if p.kind is PassageKind.LEAD_IN] == [5, 14, 22, 29, 38]

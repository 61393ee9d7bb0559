import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblybot.corpus.formats import plain
from assemblybot.corpus.formats.boilerplate import web_tail

COOKIES = "Ce site utilise des cookies pour améliorer votre expérience."


@pytest.mark.parametrize(
    "label", ["شاهد أيضاً", "تعليقات الزوار", "Read also", "À lire aussi :", "Comentarios (3)"]
)
def test_closing_labels(label: str) -> None:
    assert web_tail(["The text.", label, COOKIES]) == 1


@pytest.mark.parametrize(
    ("tail", "is_one"),
    [
        (["Loading..."], True),
        (["Loading of ships begins at eight"], False),
        (["See also", "يستخدم هذا الموقع ملفات تعريف الارتباط لتحسين تجربتك. موافق"], True),
        (["See also", "The baker sells cookies and bread."], False),
    ],
)
def test_a_loading_mark_and_a_cookie_notice(tail: list[str], is_one: bool) -> None:
    blocks = ["The text.", *tail]
    assert web_tail(blocks) == (1 if is_one else len(blocks))


def test_the_tail_of_a_pasted_page_is_left_out_and_told() -> None:
    text = "A title\n\nThe text of the page.\n\nSee also\n\nTen ways to cook rice\n\nLoading...\n\n" + COOKIES
    extract = plain.extract(text.encode())
    assert [extract.text[b.start : b.end] for b in extract.blocks] == ["A title", "The text of the page."]
    assert extract.left_out == ("the tail of a web page, from “See also” on",)


@pytest.mark.parametrize(
    "ending",
    [
        "Comments\n\nThe minister made three of them.",
        "See also\n\nThe law of 1990",
        "Our web site\n\n" + COOKIES,
        "Read more\n\nThe law of 1990 and its comments",
        "تعليقات\n\nكانت تعليقات الوزير قصيرة.",
        "Search",
        "Menu",
    ],
)
def test_a_text_of_the_user_keeps_every_line(ending: str) -> None:
    extract = plain.extract(f"A title\n\nThe text begins here.\n\n{ending}".encode())
    kept = "\n".join(extract.text[b.start : b.end] for b in extract.blocks)
    assert all(line in kept for line in ending.split("\n"))
    assert extract.left_out == ()


FURNITURE = st.sampled_from(["Loading...", "شاهد أيضا", "Comments", "Lire aussi", COOKIES])


@given(st.lists(FURNITURE | st.text(min_size=1, max_size=60), max_size=20))
def test_only_the_end_is_ever_left_out(blocks: list[str]) -> None:
    assert 0 <= web_tail(blocks) <= len(blocks)
    assert web_tail([*blocks, "The last sentence of the text."]) == len(blocks) + 1

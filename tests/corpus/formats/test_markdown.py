from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblybot.corpus.formats import markdown
from assemblybot.corpus.passages import split
from assemblybot.errors import DocumentReadError
from tests.corpus.reading import extract_of, kinds_of, passages_of


@pytest.mark.parametrize(
    ("front", "title"),
    [
        ("---\ntitle: Port rules\ntags: [a, b]\n---\n", "Port rules"),
        ('---\ndate: 2026-01-01\nTitle: "Port: rules"\n---\n', "Port: rules"),
        ("---\ndraft: true\n---\n", "Rules"),
        ("", "Rules"),
        ("\ufeff", "Rules"),
    ],
)
def test_front_matter_gives_the_title_and_is_not_cited(tmp_path: Path, front: str, title: str) -> None:
    extract = extract_of(tmp_path, "a.md", front + "# Rules\n\nVisas are needed.\n")
    assert extract.title == title
    assert [p.text for p in split("d", extract)] == ["Rules", "Visas are needed."]
    assert extract.left_out == (("front matter",) if "---" in front else ())


@pytest.mark.parametrize(
    ("front", "day"),
    [
        ("---\ntitle: Rules\ndate: 2025-11-20\n---\n", "2025-11-20"),
        ("---\nDate: '2025-11-20T10:00:00Z'\n---\n", "2025-11-20"),
        ('+++\npublished = "2025-11-20"\n+++\n', "2025-11-20"),
        ("---\npublished: 2024-01-01\ndate: 2025-11-20\n---\n", "2025-11-20"),
        ("---\ndate: 20 November 2025\n---\n", "2025-11-20"),
        ("---\ndate: 2025-02-30\n---\n", None),
        ("---\ndate: 2025-11-200\n---\n", None),
        ("---\nupdate: 2025-11-20\n---\n", None),
        ("---\ntags:\n  date: 2025-11-20\n---\n", None),
        ("date: 2025-11-20\n\n", None),
    ],
)
def test_front_matter_gives_the_date(tmp_path: Path, front: str, day: str | None) -> None:
    assert extract_of(tmp_path, "a.md", front + "# Rules\n\nVisas are needed.\n").day == day


def test_a_line_between_rules_is_no_front_matter(tmp_path: Path) -> None:
    assert ("paragraph", "A short poem") in kinds_of(tmp_path, "a.md", "---\nA short poem\n---\n\nText.\n")


def test_fences_are_text_and_comments_are_left_out(tmp_path: Path) -> None:
    source = (
        "# Setup\n\nRun this:\n\n```sh\n# install it\nrun x\n```\n\n<!-- note -->\n\nThen <!-- ? --> go.\n"
    )
    extract = extract_of(tmp_path, "a.md", source)
    assert [(p.kind.value, p.text) for p in split("d", extract)] == [
        ("title", "Setup"),
        ("paragraph", "Run this:"),
        ("paragraph", "# install it\nrun x"),
        ("paragraph", "Then go."),
    ]
    assert extract.left_out == ("comments of the author",)


def test_a_table_row_names_its_columns(tmp_path: Path) -> None:
    source = "# Ports\n\nDepths by port.\n\n| Port | Depth |\n|---|--:|\n| Ellen | 9 m |\n| Askaig | |\n"
    found = passages_of(tmp_path, "a.md", source)
    assert [(p.kind.value, p.text, p.lead_in) for p in found[1:]] == [
        ("lead_in", "Depths by port.", None),
        ("item", "Port: Ellen; Depth: 9 m", 2),
        ("item", "Port: Askaig", 2),
    ]
    arabic = "| الميناء | العمق |\n|---|---|\n| طنجة | 9 أمتار |\n"
    assert kinds_of(tmp_path, "b.md", arabic) == [("item", "الميناء: طنجة، العمق: 9 أمتار")]


def test_headings_that_are_questions_and_lists_under_headings(tmp_path: Path) -> None:
    source = "# FAQ\n\n## Who may come?\n\n- Members\n- Guests\n  - of members\n\n"
    source += "## When?\n\n3. In May\n4. In June\n"
    found = passages_of(tmp_path, "a.md", source)
    assert [(p.kind.value, p.text, p.section) for p in found[1:]] == [
        ("heading", "Who may come?", "Who may come?"),
        ("item", "• Members", "Who may come?"),
        ("item", "• Guests", "Who may come?"),
        ("item", "• of members", "Who may come?"),
        ("heading", "When?", "When?"),
        ("item", "3. In May", "When?"),
        ("item", "4. In June", "When?"),
    ]
    assert [p.lead_in for p in found[2:5]] == [2, 2, 2]
    assert [p.lead_in for p in found[6:]] == [6, 6]


@pytest.mark.parametrize(
    ("above", "introduces"),
    [
        ("The fees are:", True),
        ("Fees of this year.", True),
        ("A former clerk kept the accounts until the end of March.", False),
    ],
)
def test_what_stands_above_a_table_introduces_it_unless_it_is_a_whole_sentence(
    tmp_path: Path, above: str, introduces: bool
) -> None:
    table = "| Who | Fee |\n|---|---|\n| Adults | 5 |\n| Children | 2 |\n"
    found = passages_of(tmp_path, "a.md", f"# Club\n\n## Money\n\nThe club is small.\n\n{above}\n\n{table}")
    heading, paragraph, rows = found[1], found[3], found[4:]
    assert len(rows) == 2
    assert {row.lead_in for row in rows} == {paragraph.number if introduces else heading.number}
    assert paragraph.kind.value == ("lead_in" if introduces else "paragraph")


def test_marks_of_markdown_are_no_text(tmp_path: Path) -> None:
    source = "**Crossing**: a [guarded](http://x.example) place<br>with `lamps`.\n\n"
    source += "> Said *once*.\n\nTerm\n: Its meaning\n"
    assert kinds_of(tmp_path, "a.md", source) == [
        ("paragraph", "Crossing: a guarded place\nwith lamps."),
        ("paragraph", "Said once."),
        ("paragraph", "Term: Its meaning"),
    ]


def test_html_in_markdown_is_read(tmp_path: Path) -> None:
    source = "Text.\n\n<details><summary>Who pays?</summary>\nThe council.\n</details>\n"
    assert kinds_of(tmp_path, "a.md", source) == [
        ("paragraph", "Text."),
        ("heading", "Who pays?"),
        ("paragraph", "The council."),
    ]


def test_an_item_of_several_paragraphs_is_one_passage(tmp_path: Path) -> None:
    assert kinds_of(tmp_path, "a.md", "1. One.\n\n   More of it.\n2. Two.\n") == [
        ("item", "1. One.\nMore of it."),
        ("item", "2. Two."),
    ]


def test_pictures_are_left_out_and_told(tmp_path: Path) -> None:
    extract = extract_of(
        tmp_path, "a.md", "[![CI](ci.svg)](ci)\n\n# Tides\n\nTables ![logo](l.png) of tides.\n"
    )
    assert (extract.text, extract.left_out) == ("Tides\n\nTables of tides.", ("pictures",))


@given(st.text(alphabet="#-*`|>~ \n:ab1.<![]()\\_ا", max_size=300))
def test_any_text_is_read(text: str) -> None:
    try:
        extract = markdown.extract(text.encode())
    except DocumentReadError:
        return
    for passage in split("d", extract):
        assert extract.text[passage.start : passage.end] == passage.text == passage.text.rstrip()


def test_a_piece_of_html_without_text(tmp_path: Path) -> None:
    assert kinds_of(tmp_path, "a.md", "Open at nine.\n\n<!x>\n") == [("paragraph", "Open at nine.")]


@pytest.mark.parametrize(
    "head",
    [
        '+++\ntitle = "Port rules"\ndraft = true\n+++\n',
        "\n\n---\ntitle: Port rules\n---\n",
        "---\ntitle: >\n  Port\n  rules\ntags: [a]\n---\n",
        "---\r\ntitle: |-\r\n  Port rules\r\n---\r\n",
    ],
    ids=["TOML", "below empty lines", "folded", "literal"],
)
def test_front_matter_as_people_write_it(tmp_path: Path, head: str) -> None:
    extract = extract_of(tmp_path, "a.md", f"{head}# Fees\n\nForty euros.\n")
    assert (extract.title, extract.text) == ("Port rules", "Fees\n\nForty euros.")
    assert extract.left_out == ("front matter",)

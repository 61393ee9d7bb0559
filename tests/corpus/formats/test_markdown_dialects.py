"""Marks that programs beside CommonMark know."""

import time
from pathlib import Path

import pytest

from assemblybot.corpus.formats.markdown_dialects import shown
from tests.corpus.reading import extract_of, kinds_of, passages_of


@pytest.mark.parametrize(
    ("source", "text", "left_out"),
    [
        ("See [[Harbour]] and [[Fees#Ships|what ships pay]].", "See Harbour and what ships pay.", []),
        ("See [[Fees#Ships]].", "See Fees, Ships.", []),
        ("A ==high== tide, a == b == c, 10 ^6", "A high tide, a == b == c, 10 ^6", []),
        ("It weighs 24 kg ^weight-1", "It weighs 24 kg", []),
        ("[TOC]", "", []),
        ("![[map.png]]", "", ["pictures"]),
        ("It is open.%% ask Jan %%", "It is open.", ["comments of the author"]),
        ('{{< figure src="a.jpg" >}}{{% notice %}}No.{% endif %}', "No.", ["template tags"]),
        ("{{ port }} [[1, 2], [3]]", "{{ port }} [[1, 2], [3]]", []),
    ],
)
def test_what_is_shown(source: str, text: str, left_out: list[str]) -> None:
    assert shown(source) == (text, left_out)


def test_code_stays_as_written(tmp_path: Path) -> None:
    assert extract_of(tmp_path, "a.md", "Use `a[[1]]` or `==x==`.\n").text == "Use a[[1]] or ==x==."


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("> [!warning]- Mites\n> Treat it.", "Warning: Mites\nTreat it."),
        ("> [!NOTE]\n> Treat it.", "Note: Treat it."),
        ("> Treat it.", "Treat it."),
    ],
)
def test_callouts(tmp_path: Path, quote: str, text: str) -> None:
    assert kinds_of(tmp_path, "a.md", f"{quote}\n") == [("paragraph", text)]


def test_a_list_of_links_within_the_text_is_its_contents(tmp_path: Path) -> None:
    source = "# Port\n\n- [Fees](#fees)\n  - [Ships](#ships)\n\n- [Map](map.md)\n\n## Fees\n\nShips pay.\n"
    extract = extract_of(tmp_path, "a.md", source)
    assert extract.left_out == ()
    extract = extract_of(tmp_path, "a.md", source.replace("- [Map](map.md)\n\n", ""))
    assert (extract.texts(), extract.left_out) == (["Port", "Fees", "Ships pay."], ("table of contents",))


def test_bold_paragraphs_are_headings_where_text_follows(tmp_path: Path) -> None:
    source = (
        "**Port**\n\n**Fees**\n\nShips pay.\n\n- **One**\n\n**It is closed.**\n\nAnd **so** on\n\n**End**\n"
    )
    assert kinds_of(tmp_path, "a.md", source) == [
        ("title", "Port"),
        ("heading", "Fees"),
        ("lead_in", "Ships pay."),
        ("item", "• One"),
        ("paragraph", "It is closed."),
        ("paragraph", "And so on"),
        ("paragraph", "End"),
    ]


def test_markdown_in_details_is_its_section_which_ends_with_it(tmp_path: Path) -> None:
    question = "<details>\n<summary>Is it {}?</summary>\n\nYes, *it* is.\n\n</details>\n\n"
    source = f"# Port\n\n## Questions\n\n{question.format('open')}{question.format('free')}Call us.\n"
    assert [(p.text, p.section) for p in passages_of(tmp_path, "a.md", source)][2:] == [
        ("Is it open?", "Is it open?"),
        ("Yes, it is.", "Is it open?"),
        ("Is it free?", "Is it free?"),
        ("Yes, it is.", "Is it free?"),
        ("Call us.", "Questions"),
    ]


@pytest.mark.parametrize("mark", ["==a ", "{{% ", "%% ", "[[", "![["])
def test_marks_that_never_end_take_no_time(mark: str) -> None:
    start = time.process_time()
    assert shown(mark * 10_000)[0]
    assert time.process_time() - start < 5

import time
from pathlib import Path

import pytest

from assemblybot.corpus.formats import plain
from assemblybot.corpus.structure import is_division, list_mark
from assemblybot.text.divisions import division_end
from tests.corpus.reading import extract_of, kinds_of, passages_of


def test_a_question_followed_by_text_is_a_heading(tmp_path: Path) -> None:
    text = "Visas\n\nWho needs a visa?\nEverybody from abroad needs one.\n\nكم يكلف؟\nيكلف 80 أورو.\n"
    found = passages_of(tmp_path, "a.txt", text)
    assert [p.kind.value for p in found] == ["title", "heading", "paragraph", "heading", "paragraph"]
    assert found[2].section == "Who needs a visa?"


def test_a_list_of_questions_is_no_list_of_headings(tmp_path: Path) -> None:
    found = kinds_of(tmp_path, "a.txt", "Exam.\n\nWho?\nWhen?\nWhere?\n")
    assert [kind for kind, _ in found] == ["paragraph"] * 4


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("Article 14. Everyone has the right to leave any country.", "Article 14."),
        ("المادة 5: لا يعرض أي إنسان للتعذيب ولا للعقوبات القاسية.", "المادة 5:"),
        ("المادة الأولى - يولد جميع الناس أحرارا متساوين.", "المادة الأولى -"),
        ("Section 3.2 — The fee is ten crowns, paid in advance.", "Section 3.2 —"),
        ("Artículo 7.- Todos son iguales ante la ley.", "Artículo 7.-"),
        ("Article premier. Les hommes naissent libres.", "Article premier."),
        ("Cláusula undécima. No se admiten animales.", "Cláusula undécima."),
        ("المادة الحادية والعشرون: لكل شخص الحق في ذلك.", "المادة الحادية والعشرون:"),
        ("Première partie – De ce qui est permis à tous.", "Première partie –"),
    ],
)
def test_a_division_that_text_follows_is_a_section(tmp_path: Path, line: str, heading: str) -> None:
    found = passages_of(tmp_path, "a.txt", f"The law\n\n{line}\n\nMore of it follows here.\n")
    assert [(p.kind.value, p.text) for p in found][1] == ("heading", heading)
    assert found[2].section == heading
    assert (found[2].kind.value, found[2].text) == ("paragraph", line.removeprefix(heading).strip())


@pytest.mark.parametrize(
    "line",
    ["Article 14 of the law says that everyone may leave.", "المادة 5 من القانون تمنع ذلك.", "Part of it."],
)
def test_a_sentence_about_a_division_is_none(line: str) -> None:
    assert not division_end(line)


@pytest.mark.parametrize(
    "line", ["Article 14", "المادة 5", "Section 3.2", "Chapter IV", "Article 5 bis", "Article 3 – Asylum"]
)
def test_divisions(line: str) -> None:
    assert is_division(line)


def test_a_gap_ends_a_list_without_marks_whose_items_have_none(tmp_path: Path) -> None:
    text = (
        "Fees\n\nShips pay:\nfive euros a day\nten euros a week\n{}We are closed on Fridays and holidays.\n"
    )
    kinds = [kind for kind, _ in kinds_of(tmp_path, "a.txt", text.format("\n"))]
    assert kinds == ["title", "lead_in", "item", "item", "paragraph"]
    assert kinds_of(tmp_path, "a.txt", text.format(""))[-1][0] == "item"
    assert kinds_of(tmp_path, "a.txt", text.format("\n").replace("day\n", "day\n\n"))[-1][0] == "item"


def test_bullets_under_a_heading_are_its_list(tmp_path: Path) -> None:
    found = passages_of(
        tmp_path,
        "a.txt",
        "Report\n\nIt was a year.\n\nPlans\n\n- Build more\n- Pay guards\n\n1) One\n2) Two\n",
    )
    assert [(p.kind.value, p.lead_in) for p in found[2:]] == [
        ("heading", None),
        *[("item", 3)] * 4,
    ]


@pytest.mark.parametrize(
    ("item", "mark"),
    [
        ("1. One", "1. "),
        ("1.- Uno", "1.- "),
        ("1º Uno", "1º "),
        ("٢) اثنان", "٢) "),
        ("- three", "- "),
        ("four", ""),
        ("2025 was", ""),
        ("", ""),
    ],
)
def test_the_mark_of_a_list_item(item: str, mark: str) -> None:
    assert list_mark(item) == mark


def test_items_of_a_law(tmp_path: Path) -> None:
    text = "Article 3\n1° The licence is given.\n2° It is renewed.\n\nArticle 4\na) a ship;\nb) a skipper.\n"
    found = passages_of(tmp_path, "a.txt", text)
    assert [(p.kind.value, p.lead_in) for p in found] == [
        ("title", None),
        *[("item", None)] * 2,
        ("heading", None),
        *[("item", 4)] * 2,
    ]


@pytest.mark.parametrize("codes", ["urn:key:5", "1:100:1000", "00:cd:1f"])
def test_codes_stay_as_written(tmp_path: Path, codes: str) -> None:
    assert codes in extract_of(tmp_path, "a.txt", f"Codes\n\nThe code is {codes} for all rooms.\n").text


def test_a_guessed_encoding_is_told(tmp_path: Path) -> None:
    extract = extract_of(tmp_path, "a.txt", "Les élèves sont arrivés à l'été.".encode("cp1252"))
    assert "Windows-1252" in extract.notes[0]


@pytest.mark.parametrize(
    "rows",
    [
        ["Port\tFee\tOpen", "Safi\t40\tyes", "Nador\t20\tno"],
        ["Port     Fee    Open", "Safi     40     yes", "Nador    20     no"],
        ["| Port | Fee |", "| Safi | 40 |", "| Nador | |"],
        ["Port;Fee;Open", "Safi;40;yes", "Nador;20;no"],
    ],
    ids=["tabs", "spaces", "bars", "semicolons"],
)
def test_rows_of_a_table_are_items_below_their_names(tmp_path: Path, rows: list[str]) -> None:
    text = "\n".join(["Fees of the port", "", *rows, "", "The end of it."])
    found = passages_of(tmp_path, "a.txt", text)
    assert [(p.kind.value, p.text, p.lead_in) for p in found] == [
        ("title", "Fees of the port", None),
        ("lead_in", rows[0], None),
        ("item", rows[1], 2),
        ("item", rows[2], 2),
        ("paragraph", "The end of it.", None),
    ]


def test_prose_with_wide_spaces_is_no_table(tmp_path: Path) -> None:
    text = "It was late.   Nobody came.\n\nThe sea;the wind.\nThe port;the quay.\n"
    assert [kind for kind, _ in kinds_of(tmp_path, "a.txt", text)] == ["paragraph"] * 3


def test_an_item_goes_on_in_lines_that_are_set_in(tmp_path: Path) -> None:
    text = "What to bring?\n1) a pass\n2) a photo\n   of this year\n3) money\n   • in cash\nOpen all day.\n"
    assert kinds_of(tmp_path, "a.txt", text) == [
        ("heading", "What to bring?"),
        ("item", "1) a pass"),
        ("item", "2) a photo\n   of this year"),
        ("item", "3) money"),
        ("item", "• in cash"),
        ("paragraph", "Open all day."),
    ]


def test_lines_that_stand_together_are_no_headings(tmp_path: Path) -> None:
    text = (
        "Minutes\nof the board\n\nPlace: the town hall\nDate: 3 May 2021\n\nPresent\nAda Lund, chair\n"
        "Ben Moor, treasurer\nTwo guests\n\nDecisions\nThe quay is painted.\n\nYours,\nAda\n\n"
        "The end of it.\n"
    )
    assert kinds_of(tmp_path, "a.txt", text) == [
        ("title", "Minutes"),
        ("paragraph", "of the board"),
        ("paragraph", "Place: the town hall"),
        ("paragraph", "Date: 3 May 2021"),
        ("heading", "Present"),
        ("paragraph", "Ada Lund, chair"),
        ("paragraph", "Ben Moor, treasurer"),
        ("paragraph", "Two guests"),
        ("heading", "Decisions"),
        ("paragraph", "The quay is painted."),
        ("paragraph", "Yours,"),
        ("paragraph", "Ada"),
        ("paragraph", "The end of it."),
    ]


def test_a_chapter_and_its_name_below_are_headings(tmp_path: Path) -> None:
    text = "The law\n\nChapter II\nOF WELLS\n\nArticle 3\nEvery well has a lid.\n"
    assert [kind for kind, _ in kinds_of(tmp_path, "a.txt", text)] == ["title", *["heading"] * 3, "paragraph"]


def test_messages_are_passages_with_their_later_lines(tmp_path: Path) -> None:
    text = (
        "[12/05/2025, 18:04:02] Ada: The lift is broken\n[12/05/2025, 18:06:15] Ben: Since when?\n"
        "[12/05/2025, 18:07:01] Ada: Since noon\nagain\n"
    )
    assert kinds_of(tmp_path, "a.txt", text) == [
        ("paragraph", "[12/05/2025, 18:04:02] Ada: The lift is broken"),
        ("paragraph", "[12/05/2025, 18:06:15] Ben: Since when?"),
        ("paragraph", "[12/05/2025, 18:07:01] Ada: Since noon\nagain"),
    ]


def test_the_times_of_a_programme_are_its_items(tmp_path: Path) -> None:
    text = "Open day\n\nProgramme\n\n10:00 Welcome\n11 h 30 Tour of the port\n\nLunch is free.\n"
    found = passages_of(tmp_path, "a.txt", text)
    assert [(p.kind.value, p.lead_in) for p in found][1:] == [
        ("heading", None),
        ("item", 2),
        ("item", 2),
        ("paragraph", None),
    ]


def test_prose_that_breaks_at_a_column_has_lists_and_short_lines(tmp_path: Path) -> None:
    prose = (
        "The clothes drive starts on Saturday 25 October at the old tram depot\n"
        "in Marsh Lane. Last year we handed out 412 coats, and ran out of chil-\n"
        "dren's sizes on the second day, so please ask the schools first, and\n"
        "do not wait."
    )
    text = f"Dear all,\n\n{prose}\n\nWhat we need:\n- coats\n- shoes\n\n"
    text += "> Do we have a date? The printer needs\n> three days.\n"
    assert kinds_of(tmp_path, "a.txt", text) == [
        ("paragraph", "Dear all,"),
        ("paragraph", prose),
        ("lead_in", "What we need:"),
        ("item", "- coats"),
        ("item", "- shoes"),
        ("paragraph", "> Do we have a date? The printer needs\n> three days."),
    ]


@pytest.mark.parametrize(
    "row",
    ["Wednesday 7:00 21:00", "Sunday and Monday 9:00 -", "Sunday       closed"],
    ids=["one space", "words", "short"],
)
def test_a_row_that_is_parted_otherwise_stays_in_its_table(tmp_path: Path, row: str) -> None:
    names = "Day          Opens    Closes"
    rows = [names, "Tuesday      7:00     21:00", row, "Saturday     9:00     18:00"]
    found = passages_of(tmp_path, "a.txt", "\n".join(["The pool", "", *rows, "", "It is warm."]))
    assert [(p.kind.value, p.text, p.lead_in) for p in found][1:] == [
        ("lead_in", names, None),
        *[("item", text, 2) for text in rows[1:]],
        ("paragraph", "It is warm.", None),
    ]


def test_commas_without_spaces_part_the_cells_of_rows(tmp_path: Path) -> None:
    text = "Name,Role,Room\nAda Lund,Nurse,A1\nBen Moor,Head,B2\n"
    assert [kind for kind, _ in kinds_of(tmp_path, "a.txt", text)] == ["lead_in", "item", "item"]
    text = (
        "In 2001 it had 1,234,567 souls.\nIn 2011 it had 1,300,000 souls.\nIn 2021 it had 1,345,678 souls.\n"
    )
    assert [kind for kind, _ in kinds_of(tmp_path, "a.txt", text)] == ["paragraph"] * 3


@pytest.mark.parametrize("mark", ["a) ", "- ", ""])
def test_items_that_name_what_they_explain_are_items(tmp_path: Path, mark: str) -> None:
    text = (
        f"The law\n\nIn this law:\n{mark}well: a hole for water;\n{mark}spring: water that comes by itself.\n"
    )
    assert [kind for kind, _ in kinds_of(tmp_path, "a.txt", text)] == ["title", "lead_in", "item", "item"]


def test_questions_and_their_answers_with_letters_before_them(tmp_path: Path) -> None:
    text = "The library\n\nQ: How many books?\nA: Up to ten.\n\nQ: By phone?\nA: Yes.\n"
    kinds = [kind for kind, _ in kinds_of(tmp_path, "a.txt", text)]
    assert kinds == ["title", *["heading", "paragraph"] * 2]


def test_a_numbered_section_ends_the_list_above(tmp_path: Path) -> None:
    text = "Contract\n\nIt was agreed:\n\n1 - OBJECT\nThe hall is let.\n\n2 - PRICE\nIt costs 80 euros.\n"
    found = kinds_of(tmp_path, "a.txt", text)
    assert [kind for kind, _ in found][2:] == ["heading", "paragraph"] * 2
    text = "Contract\n\nIt was agreed:\n\n1 - A hall\n2 - A price\n"
    assert [kind for kind, _ in kinds_of(tmp_path, "a.txt", text)][2:] == ["item"] * 2


def test_two_rows_are_a_table_and_a_number_is_no_title(tmp_path: Path) -> None:
    text = "1\n\nEducation\n\n2018        MA in History\n2016        BA in History\n"
    assert [kind for kind, _ in kinds_of(tmp_path, "a.txt", text)] == ["paragraph", "heading", "item", "item"]


def test_a_long_text_without_gaps_is_read_in_the_time_of_its_length() -> None:
    start = time.process_time()
    assert len(plain.extract(b"> a line of quoted text here\n" * 40_000).blocks) == 1
    assert time.process_time() - start < 5

from pathlib import Path

import pytest

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
    [("1. One", "1. "), ("٢) اثنان", "٢) "), ("- three", "- "), ("four", ""), ("2025 was", ""), ("", "")],
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

from assemblybot.corpus.document import PassageKind
from assemblybot.corpus.formats.pdf.glyphs import Glyph, PageDirection
from assemblybot.corpus.formats.pdf.layout import kind_of, look_of, paragraph_text, paragraphs
from assemblybot.corpus.formats.pdf.lines import Line, page_lines


def line(text: str, top: float) -> Line:
    width = 6.0 * len(text)
    return Line(text, 1, 50, 50 + width, top, top + 11, size=11, bold=False, right_to_left=False)


def test_every_space_parts_words_that_the_font_sets_close() -> None:
    glyphs = []
    for at, letter in enumerate("ab cd ef"):
        x = 50 + 5.0 * at
        wide = 2.5 if letter in "bd" else 0.0
        glyphs.append(Glyph(letter, x, x + 5 + wide, 10, 20, 10, drawn=at))
        if letter in "ce":
            glyphs[-1] = Glyph(letter, x - 2.4, x + 5, 10, 20, 10, drawn=at)
    assert [found.text for found in page_lines(glyphs, 1, PageDirection.LEFT_TO_RIGHT)] == ["ab cd ef"]


def test_paragraphs_of_a_font_with_wide_lines() -> None:
    """Amiri sets lines two sizes apart; the gap between paragraphs is only a third more."""
    full = "the council met in the hall and spoke of the port and its boats and of what they pay in"
    lines: list[Line] = []
    top = 50.0
    for length in (1, 3, 1, 2, 1, 1, 3, 1, 1):
        for row in range(length):
            lines.append(line(full, top))
            top += 22.2 if row + 1 < length else 29.2
    look = look_of(lines)
    assert {round(look.spacing[line].leading, 1) for line in lines} == {22.2}
    assert [len(found) for found in paragraphs(lines, look)] == [1, 3, 1, 2, 1, 1, 3, 1, 1]


def test_entries_of_one_line_are_no_paragraph() -> None:
    lines = [line("the council met in the hall and spoke of the port", 50 + 13 * at) for at in range(4)]
    names = ("وزارة الفلاحة والتنمية", "مجلس جهة درعة تافيلالت", "المكتب الوطني للماء")
    lines += [line(name, 120 + 22 * at) for at, name in enumerate(names)]
    assert [len(found) for found in paragraphs(lines, look_of(lines))] == [4, 1, 1, 1]


def test_lines_that_each_end_a_sentence_are_no_paragraph() -> None:
    lines = [
        line(f"The {name} opened its doors in the spring of last year.", 50 + 30 * at)
        for at, name in enumerate(("museum", "market", "harbour", "school"))
    ]
    look = look_of(lines)
    found = paragraphs(lines, look)
    assert [len(paragraph) for paragraph in found] == [1, 1, 1, 1]
    assert kind_of(found[0], look) is PassageKind.PARAGRAPH


def test_a_double_name_that_a_line_end_cuts_keeps_its_hyphen() -> None:
    lines = [line("The session was opened by the mayor of the city, Mrs Dupont-", 50), line("Moretti.", 63)]
    look = look_of(lines)
    [found] = paragraphs(lines, look)
    assert paragraph_text(found, look).endswith("Mrs Dupont-Moretti.")

from pathlib import Path

import pytest
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st

from assemblybot.corpus.formats.pdf.glyphs import Glyph, PageDirection, line_text
from assemblybot.corpus.passages import split
from assemblybot.corpus.readers import read, read_bounded
from assemblybot.errors import DocumentReadError
from tests.corpus.formats.pdf import producers
from tests.corpus.formats.pdf.producers import ARABIC, FRENCH, PRODUCERS, body, build, bullets, heading, table

pytestmark = pytest.mark.skipif(not producers.FONTS.is_dir(), reason="the DejaVu fonts are not installed")

SENTENCE = (
    "In year {} the alliance worked in six districts of the coast and reached many pupils in its schools. "
)
ROWS = [["District", "Schools", "Deaths"], ["Kilifi", "34", "11"], ["Kwale", "21", "8"], ["Lamu", "8", "2"]]


def blocks(path: Path) -> list[str]:
    extract = read(path)
    return [extract.text[block.start : block.end] for block in extract.blocks]


@pytest.mark.parametrize("producer", PRODUCERS)
@pytest.mark.parametrize("texts", [ARABIC, FRENCH], ids=["ar", "fr"])
def test_every_letter_is_in_the_order_of_reading(
    tmp_path: Path, producer: str, texts: tuple[str, ...]
) -> None:
    assert blocks(PRODUCERS[producer](texts, tmp_path / "a.pdf")) == list(texts)


def test_structure_pages_and_furniture(tmp_path: Path) -> None:
    parts = [heading("Safe routes to school", 18)]
    for number in range(1, 10):
        parts += [heading(f"{number}. Part {number}"), body(SENTENCE.format(number) * 4)]
        parts += [
            bullets([f"Build crossing {number} near the schools", f"Pay the guards of {number} on time"])
        ]
        parts += [body(SENTENCE.format(number + 50) * 3)]
    path = build(tmp_path / "report.pdf", parts, "Coastal Alliance, annual report")
    extract = read(path)
    found = split("report", extract)
    assert extract.title == found[0].text == "Safe routes to school"
    texts = "\n".join(p.text for p in found)
    assert "annual report" not in texts
    assert "Page" not in texts
    assert extract.left_out[0].startswith("running headers")
    item = next(p for p in found if "guards of 7" in p.text)
    assert (item.kind.value, item.section) == ("item", "7. Part 7")
    assert [p.anchor for p in found] == sorted((p.anchor or "" for p in found), key=lambda a: int(a[5:]))
    assert found[-1].anchor == "page 3"


@pytest.mark.parametrize("lines", [True, False])
def test_a_table_row_names_its_columns(tmp_path: Path, lines: bool) -> None:
    parts = [
        heading("Report"),
        body("Table 1 shows deaths."),
        table(ROWS, lines=lines),
        body(SENTENCE.format(1) * 3),
    ]
    found = blocks(build(tmp_path / "a.pdf", parts))
    assert found[2:5] == [
        "District: Kilifi; Schools: 34; Deaths: 11",
        "District: Kwale; Schools: 21; Deaths: 8",
        "District: Lamu; Schools: 8; Deaths: 2",
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [
                ["Name", "Task", "Port"],
                ["Jane Doe", "Master of\nthe harbour", "Safi"],
                ["Ali", "Pilot", "Nador"],
            ],
            [
                "Name: Jane Doe; Task: Master of the harbour; Port: Safi",
                "Name: Ali; Task: Pilot; Port: Nador",
            ],
        ),
        (
            [["", "2023", "2024"], ["Safi", "10", "12"], ["Nador", "8", "9"]],
            ["Safi; 2023: 10; 2024: 12", "Nador; 2023: 8; 2024: 9"],
        ),
        (
            [["Port", "Ships", "Fee"], ["Safi", "10", "40"], ["South", "", ""], ["Nador", "8", "30"]],
            ["Port: Safi; Ships: 10; Fee: 40", "South; Port: Nador; Ships: 8; Fee: 30"],
        ),
    ],
    ids=["cells of two lines", "empty corner", "parts"],
)
def test_tables_without_lines(tmp_path: Path, rows: list[list[str]], expected: list[str]) -> None:
    parts = [heading("Report"), table(rows, lines=False), body(SENTENCE.format(1) * 3)]
    assert blocks(build(tmp_path / "a.pdf", parts))[1:-1] == expected


def test_rows_that_no_line_parts(tmp_path: Path) -> None:
    """LaTeX draws the lines between columns, and often none between rows."""
    stacked = ["\n".join(column) for column in zip(*ROWS[1:], strict=True)]
    parts = [table([ROWS[0], stacked], lines=True), body(SENTENCE.format(1) * 3)]
    assert blocks(build(tmp_path / "a.pdf", parts))[:-1] == [
        f"District: {district}; Schools: {schools}; Deaths: {deaths}"
        for district, schools, deaths in ROWS[1:]
    ]


def test_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    parts = [body(SENTENCE.format(number) * 3) for number in range(14)]
    found = blocks(producers.in_columns(tmp_path / "a.pdf", parts, "A title over both columns"))
    assert found[0] == "A title over both columns"
    assert found[1:] == [(SENTENCE.format(number) * 3).strip() for number in range(14)]


NARROW = (
    "The pier was built by the council in nine years and cost four million, and it opened in May 2026. "
    "The ferry of the north goes there in the summer and carries bicycles for a small fee that the "
    "council sets each year.",
    "The lamps of the pier burn all night, as the boats of the fishers come home late in the autumn. "
    "They are paid by the port, which also pays the guards who walk along the pier until the sun is up.",
)
WIDE = tuple((SENTENCE.format(year) * length).strip() for year, length in ((2021, 2), (2022, 3), (2023, 4)))


def two_widths(path: Path, line_height: float, size: float) -> Path:
    """Columns of half the width with lines of their own distance, then text of the full width."""
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=size)
    with pdf.text_columns(ncols=2, gutter=8, text_align="J", line_height=line_height) as columns:
        for text in NARROW:
            columns.write(text)
            columns.ln()
            columns.ln()
    pdf.set_font("helvetica", size=10)
    for text in WIDE:
        pdf.multi_cell(0, 5.2, text, new_x="LMARGIN", new_y="NEXT")
        pdf.ln(2.5)
    pdf.output(str(path))
    return path


@pytest.mark.parametrize("size", [9.5, 10])
@pytest.mark.parametrize("line_height", [1.0, 1.2, 1.5])
def test_each_block_has_its_own_leading_and_width(tmp_path: Path, size: float, line_height: float) -> None:
    found = blocks(two_widths(tmp_path / "a.pdf", line_height, size))
    assert found == [*NARROW, *WIDE]


def numbered_pages(path: Path, texts: list[str], numbers: list[str]) -> Path:
    """Each text on a page of its own, with its number at the foot."""
    pdf = FPDF()
    pdf.set_auto_page_break(False)
    pdf.set_font("helvetica", size=10)
    for text, number in zip(texts, numbers, strict=True):
        pdf.add_page()
        pdf.multi_cell(0, 5.2, text, new_x="LMARGIN", new_y="NEXT")
        pdf.set_y(-20)
        pdf.cell(0, 5, number, align="C")
    pdf.output(str(path))
    return path


@pytest.mark.parametrize(
    "numbers", [["1"], ["", "2"], ["7", "8", "9"], ["- 1 -", "- 2 -"], ["Page 1 of 2", ""]]
)
def test_page_numbers_are_left_out(tmp_path: Path, numbers: list[str]) -> None:
    texts = [*NARROW, WIDE[0]][: len(numbers)]
    assert blocks(numbered_pages(tmp_path / "a.pdf", texts, numbers)) == texts


@pytest.mark.parametrize("pages", [1, 2])
@pytest.mark.parametrize("end", ["2026.", "2026", "(2026).", "12/2026."])
def test_a_number_that_ends_a_paragraph_is_no_page_number(tmp_path: Path, pages: int, end: str) -> None:
    text = f"{SENTENCE.format(2025)}The last of these schools will open in\n{end}"
    path = numbered_pages(tmp_path / "a.pdf", [text] * pages, [str(page + 1) for page in range(pages)])
    assert all(found.endswith(f"open in {end}") for found in blocks(path))


def test_a_year_at_the_foot_of_the_cover_is_no_page_number(tmp_path: Path) -> None:
    path = numbered_pages(tmp_path / "a.pdf", ["Report of the port", *NARROW], ["2026", "", ""])
    assert blocks(path) == ["Report of the port", "2026", *NARROW]


def test_words_that_a_line_cuts_are_put_together(tmp_path: Path) -> None:
    lines = [
        "The harbour of the town was built by the council over nine years, and every-",
        "one who came to see it agreed that a well-known engineer had done it, the well-",
        "known man of 2021-",
        "2022 and his muni-",
        "cipality.",
    ]
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=11)
    for line in lines:
        pdf.cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")
    pdf.output(str(tmp_path / "a.pdf"))
    assert blocks(tmp_path / "a.pdf") == [
        "The harbour of the town was built by the council over nine years, and everyone who came to see it "
        "agreed that a well-known engineer had done it, the well-known man of 2021-2022 and his municipality."
    ]


@pytest.mark.parametrize("method", ["RC4", "AES_128", "AES_256"])
@pytest.mark.parametrize("password", ["", "secret"])
def test_restricted_files_are_read_and_closed_ones_said(tmp_path: Path, method: str, password: str) -> None:
    from fpdf.enums import EncryptionMethod

    pdf = FPDF()
    pdf.set_encryption("owner", password, encryption_method=EncryptionMethod[method])
    pdf.add_page()
    pdf.set_font("helvetica", size=12)
    pdf.multi_cell(0, 8, "The harbour opened in May after nine years.")
    pdf.output(str(tmp_path / "a.pdf"))
    if password:
        with pytest.raises(DocumentReadError, match="password"):
            read(tmp_path / "a.pdf")
    else:
        assert blocks(tmp_path / "a.pdf") == ["The harbour opened in May after nine years."]


def test_a_scan_says_that_it_is_one(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("L", (600, 800), 200).save(tmp_path / "page.png")
    pdf = FPDF()
    pdf.add_page()
    pdf.image(str(tmp_path / "page.png"), w=150)
    pdf.output(str(tmp_path / "a.pdf"))
    with pytest.raises(DocumentReadError, match=r"a\.pdf: This is a scan"):
        read(tmp_path / "a.pdf")


def test_damaged_files_end_in_a_sentence(tmp_path: Path) -> None:
    import random

    whole = producers.by_fpdf(FRENCH, tmp_path / "a.pdf").read_bytes()
    chance = random.Random(14)
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 30)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        (tmp_path / "b.pdf").write_bytes(damaged[: chance.randint(1, len(damaged))])
        try:
            read(tmp_path / "b.pdf")
        except DocumentReadError:
            continue


def test_a_text_stream_that_needs_a_missing_decoder_ends_in_a_sentence(tmp_path: Path) -> None:
    whole = producers.by_fpdf(FRENCH, tmp_path / "a.pdf").read_bytes()
    assert b"/FlateDecode" in whole
    (tmp_path / "b.pdf").write_bytes(whole.replace(b"/FlateDecode", b"/JBIG2Decode"))
    with pytest.raises(DocumentReadError):
        read(tmp_path / "b.pdf")


def test_more_pages_than_can_be_read_are_refused(tmp_path: Path) -> None:
    """A hundred thousand references to one page: a small file with endless work."""
    count = 100_000
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, b"3 0 R " * count),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] >>",
    )
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 4\n0000000000 65535 f \n%strailer << /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    (tmp_path / "many.pdf").write_bytes(data + end % (table, len(data)))
    with pytest.raises(DocumentReadError):
        read_bounded(tmp_path / "many.pdf", seconds=20.0)


def drawn(text: str) -> list[Glyph]:
    """Glyphs of a line as they lie from left to right."""
    return [Glyph(char, 10.0 * i, 10.0 * i + 10, 0, 12, 12, drawn=i) for i, char in enumerate(text)]


WORDS = st.sampled_from(
    "كتاب مدرسة INTERPOL 2025 47/2024 3,5 (القانون) «السلامة» ميناء، الدورة. 12 word".split()
)


@settings(max_examples=300)
@given(st.lists(WORDS, min_size=1, max_size=8))
def test_visual_order_is_undone(words: list[str]) -> None:
    from bidi.algorithm import get_display

    # Latin words next to numbers can be read both ways, so Arabic stands between.
    text = " ".join(["نص", *(f"{word} نص" for word in words)])
    assert line_text(drawn(str(get_display(text, base_dir="R"))), PageDirection.RIGHT_TO_LEFT) == text


def test_a_telephone_number_that_was_set_from_the_left() -> None:
    lies = f"{'ويرحب'} +212 537-11-22-33 {'فتاه'}"
    assert line_text(drawn(lies), PageDirection.RIGHT_TO_LEFT) == "هاتف +212 537-11-22-33 بحريو"
    assert line_text(drawn("33-22-11-537 فتاه"), PageDirection.RIGHT_TO_LEFT) == "هاتف 537-11-22-33"


def test_a_title_that_a_tool_wrote_is_none(tmp_path: Path) -> None:
    for title, found in (("(anonymous)", None), ("Untitled", None), ("Port rules", "Port rules")):
        pdf = FPDF()
        pdf.set_title(title)
        pdf.set_font("helvetica", size=12)
        pdf.add_page()
        pdf.multi_cell(0, 8, "The harbour opened in May after nine years.")
        pdf.output(str(tmp_path / "a.pdf"))
        assert read(tmp_path / "a.pdf").title == found


def test_arabic_words_in_a_latin_line() -> None:
    from bidi.algorithm import get_display

    text = "The cities مراكش and الدار البيضاء met in 2025."
    assert line_text(drawn(str(get_display(text, base_dir="L")))) == text

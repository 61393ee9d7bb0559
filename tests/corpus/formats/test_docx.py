import io
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from assemblybot.corpus.passages import split
from assemblybot.corpus.readers import read
from assemblybot.errors import DocumentReadError
from tests.corpus.reading import passages_of, written

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def element(xml: str) -> Any:
    return parse_xml(xml)


def saved(document: object) -> bytes:
    stream = io.BytesIO()
    document.save(stream)  # type: ignore[attr-defined]
    return stream.getvalue()


def test_headings_lists_and_tables(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Safe routes", 0)
    document.add_heading("Plans", 1)
    document.add_paragraph("Build more", style="List Bullet")
    document.add_paragraph("Pay guards", style="List Bullet")
    document.add_heading("Steps", 2)
    document.add_paragraph("Plan", style="List Number")
    document.add_paragraph("Act", style="List Number")
    document.add_paragraph("Deaths by district:")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("District", "Deaths", "Lamu", "2"), strict=True):
        cell.text = text
    document.add_paragraph("Article 14. Everyone may come.")
    document.sections[0].header.paragraphs[0].text = "Confidential"
    path = written(tmp_path, "a.docx", saved(document))
    extract = read(path)
    assert extract.title == "Safe routes"
    assert extract.left_out == ("page headers and footers (1 lines)",)
    assert [(p.kind.value, p.text, p.section, p.lead_in) for p in split("d", extract)] == [
        ("title", "Safe routes", None, None),
        ("heading", "Plans", "Plans", None),
        ("item", "• Build more", "Plans", 2),
        ("item", "• Pay guards", "Plans", 2),
        ("heading", "Steps", "Steps", None),
        ("item", "1. Plan", "Steps", 5),
        ("item", "2. Act", "Steps", 5),
        ("lead_in", "Deaths by district:", "Steps", None),
        ("item", "District: Lamu; Deaths: 2", "Steps", 8),
        ("heading", "Article 14.", "Article 14.", None),
        ("paragraph", "Everyone may come.", "Article 14.", None),
    ]


def test_arabic_and_line_breaks(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("فتح الميناء أبوابه.")
    paragraph.add_run().add_break()
    paragraph.add_run("في 3 مايو 2021.")
    found = passages_of(tmp_path, "a.docx", saved(document))
    assert [p.text for p in found] == ["فتح الميناء أبوابه.\nفي 3 مايو 2021."]


def test_what_a_tracked_change_takes_out_is_left_out(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Open at ")._p
    for name, inner in (
        ("del", "<w:r><w:delText>eight</w:delText></w:r>"),
        ("moveFrom", "<w:r><w:t>gone</w:t></w:r>"),
        ("ins", "<w:r><w:t>nine</w:t><w:noBreakHyphen/><w:t>thirty.</w:t></w:r>"),
    ):
        paragraph.append(element(f'<w:{name} xmlns:w="{W}" w:id="1" w:author="a">{inner}</w:{name}>'))
    assert [p.text for p in passages_of(tmp_path, "a.docx", saved(document))] == ["Open at nine-thirty."]


def test_content_controls_and_text_boxes_are_read_once(tmp_path: Path) -> None:
    document = docx.Document()
    box = "<w:txbxContent><w:p><w:r><w:t>The hall is shut in August.</w:t></w:r></w:p></w:txbxContent>"
    document.add_paragraph("A notice:")._p.append(
        element(
            f'<w:r xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            f'<mc:AlternateContent><mc:Choice Requires="w">{box}</mc:Choice>'
            f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
        )
    )
    control = "<w:sdtContent><w:p><w:r><w:t>It is shown.</w:t></w:r></w:p></w:sdtContent>"
    document.element.body.insert(1, element(f'<w:sdt xmlns:w="{W}">{control}</w:sdt>'))
    texts = [p.text for p in passages_of(tmp_path, "a.docx", saved(document))]
    assert texts == ["A notice:\nThe hall is shut in August.", "It is shown."]


def test_a_bold_line_is_a_heading(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("The hall opens every morning.")
    document.add_paragraph().add_run("Fines").bold = True
    document.add_paragraph("A day late costs 0.20 euros.")
    found = passages_of(tmp_path, "a.docx", saved(document))
    assert [(p.kind.value, p.section) for p in found[1:]] == [("heading", "Fines"), ("paragraph", "Fines")]


def test_files_that_are_no_word_documents(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "x")
    for data in (b"", b"PK\x03\x04 no", b"\xd0\xcf\x11\xe0 old or encrypted", stream.getvalue()):
        with pytest.raises(DocumentReadError, match="damaged"):
            read(written(tmp_path, "a.docx", data))


def test_an_archive_that_unpacks_to_too_much(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"{number}.xml", b"\0" * (100 << 20))
    with pytest.raises(DocumentReadError, match="unpacked"):
        read(written(tmp_path, "a.docx", stream.getvalue()))


def test_footnotes_follow_the_text_without_those_that_only_draw_lines(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Wells", 0)
    document.add_paragraph("The wells were dug in June.")
    notes = (
        f'<w:footnotes xmlns:w="{W}">'
        '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>no note</w:t></w:r></w:p></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:t>Three of them were dry by August.</w:t></w:r></w:p></w:footnote>'
        "</w:footnotes>"
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    found = passages_of(tmp_path, "a.docx", saved(document))
    assert [p.text for p in found] == [
        "Wells",
        "The wells were dug in June.",
        "Three of them were dry by August.",
    ]


def test_bold_arabic_and_bold_styles_are_headings_if_text_follows(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("جماعة الميناء")
    for text, bold in (("محضر", True), ("جدول الأعمال", True), ("صادق المجلس على الميزانية.", False)):
        run = document.add_paragraph().add_run(text)
        run.font.rtl, run.font.cs_bold = True, bold
    style = document.styles.add_style("Intertitle", 1)
    style.font.bold = True
    document.add_paragraph("القرارات", style="Intertitle")
    document.add_paragraph("تقرر تنظيم رحلة.")
    document.add_paragraph("انتهى", style="Intertitle")
    kinds = [p.kind.value for p in passages_of(tmp_path, "a.docx", saved(document))]
    assert kinds == ["paragraph", "paragraph", *["heading", "paragraph"] * 2, "paragraph"]


def test_a_title_below_a_letterhead_is_the_title(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Town of Safi")
    document.add_paragraph("Port rules", style="Title")
    document.add_paragraph("Article 1 : Nobody swims.")
    found = passages_of(tmp_path, "a.docx", saved(document))
    assert [p.kind.value for p in found] == ["paragraph", "title", "heading", "paragraph"]


def test_the_name_of_an_article_is_no_title_of_the_whole(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("The rules of the port")
    document.add_paragraph("Article 1 : Nobody swims.")
    assert read(written(tmp_path, "a.docx", saved(document))).title is None


def test_contents_comments_and_deleted_text_are_left_out_and_told(tmp_path: Path) -> None:
    document = docx.Document()
    document.styles.add_style("toc 1", 1)
    document.add_paragraph("1 Rules\t3", style="toc 1")
    document.element.body.insert(
        0,
        element(
            f'<w:sdt xmlns:w="{W}"><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
            "</w:docPartObj></w:sdtPr><w:sdtContent><w:p><w:r><w:t>2 Fees</w:t></w:r></w:p></w:sdtContent>"
            "</w:sdt>"
        ),
    )
    paragraph = document.add_paragraph("Nobody swims")
    deleted = "<w:del {}><w:r><w:delText> here</w:delText></w:r></w:del>"
    for xml in (deleted, '<w:r {}><w:commentReference w:id="1"/></w:r>'):
        paragraph._p.append(element(xml.format(f'xmlns:w="{W}"')))
    extract = read(written(tmp_path, "a.docx", saved(document)))
    assert extract.texts() == ["Nobody swims"]
    assert extract.left_out == ("table of contents (2 lines)", "comments (1)", "deleted text (1)")


def test_raised_digits_and_names_of_columns_that_libreoffice_writes(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("It is 3 km")
    paragraph.add_run("2").font.superscript = True
    style = document.styles.add_style("Table Heading", 1)
    table = document.add_table(rows=3, cols=2)
    for cell, text in zip(table._cells, ("Item", "Day", "Kind", "One", "Coach", "eight"), strict=True):
        cell.text = text
    for cell in table._cells[:4]:
        cell.paragraphs[0].style = style
    assert read(written(tmp_path, "a.docx", saved(document))).texts() == [
        "It is 3 km²",
        "Item Kind: Coach; Day One: eight",
    ]

"""What files state of their author and day, in their text or in their metadata."""

import zipfile
from datetime import datetime
from pathlib import Path

import docx
import pytest
from fpdf import FPDF

from assemblybot.corpus import adding
from assemblybot.corpus.formats.metadata import sender, stated_author, stated_day
from assemblybot.corpus.readers import read
from tests.corpus.formats.test_docx import saved
from tests.corpus.formats.test_open_formats import odt
from tests.corpus.reading import extract_of, kinds_of, written

LETTER = """{}: Ada Lund <ada@harbour.example>
To: all@harbour.example
{}: {}
{}: Clothes: what we need
Message-ID: <abc@harbour.example>
X-Mailer: Pigeon 2

Dear all,

The drive starts on Saturday.
"""


@pytest.mark.parametrize(
    ("stated", "author"),
    [
        ((" Ada\n Lund ", "Ben"), "Ada Lund"),
        (("admin", "Microsoft Office User", "Ben"), "Ben"),
        (("https://example.org/ada",), None),
        (("Usuario de Windows", "HP", "python-docx", "Canva 2", "Canvas Ltd"), "Canvas Ltd"),
        (("", None, "—"), None),
    ],
)
def test_authors(stated: tuple[str | None, ...], author: str | None) -> None:
    assert stated_author(*stated) == author


@pytest.mark.parametrize(
    ("stated", "author"),
    [
        ("Ada Lund <ada@example.org>", "Ada Lund"),
        ("ada@example.org", "ada@example.org"),
        ('"Lund, Ada" <ada@example.org>', "Lund, Ada"),
        ("Ada Lund", "Ada Lund"),
    ],
)
def test_senders(stated: str, author: str) -> None:
    assert sender(stated) == author


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("2024-05-17T10:00:00+02:00", "2024-05-17"),
        ('"2024-05-17"', "2024-05-17"),
        ("Tue, 14 Oct 2025 09:12:44 +0100", "2025-10-14"),
        ("mardi 14 octobre 2025 09:12", "2025-10-14"),
        ("الثلاثاء 14 أكتوبر 2025", "2025-10-14"),
        ("05/06/2025", None),
        ("2024-02-31", None),
        ("May 2021", None),
        ("from 3 May 2021 to 5 June 2021", None),
    ],
)
def test_days(stated: str, day: str | None) -> None:
    assert stated_day(stated) == day


@pytest.mark.parametrize(
    ("sent_by", "sent", "day", "on"),
    [
        ("From", "Date", "Tue, 14 Oct 2025 09:12:44 +0100", "Subject"),
        ("De", "Envoyé", "mardi 14 octobre 2025 09:12", "Objet"),
        ("De", "Enviado el", "martes, 14 de octubre de 2025 9:12", "Asunto"),
        ("من", "التاريخ", "14 أكتوبر 2025", "الموضوع"),
    ],
)
def test_the_head_of_a_letter(tmp_path: Path, sent_by: str, sent: str, day: str, on: str) -> None:
    text = LETTER.format(sent_by, sent, day, on)
    extract = extract_of(tmp_path, "a.txt", text)
    assert (extract.title, extract.author, extract.day) == ("Clothes: what we need", "Ada Lund", "2025-10-14")
    assert extract.left_out == ("technical lines of the head of the letter (2)",)
    assert kinds_of(tmp_path, "a.txt", text) == [
        ("paragraph", f"{sent_by}: Ada Lund <ada@harbour.example>"),
        ("paragraph", "To: all@harbour.example"),
        ("paragraph", f"{sent}: {day}"),
        ("paragraph", f"{on}: Clothes: what we need"),
        ("paragraph", "Dear all,"),
        ("paragraph", "The drive starts on Saturday."),
    ]


def test_fields_that_are_no_head_of_a_letter_keep_all_their_lines(tmp_path: Path) -> None:
    text = "From: Safi\nTo: Nador\nList: all ports\n\nThe ferry leaves at nine.\n"
    extract = extract_of(tmp_path, "a.txt", text)
    assert (extract.author, extract.left_out, len(extract.blocks)) == (None, (), 4)


@pytest.mark.parametrize(
    ("line", "author"),
    [("By Ada Lund, 3 May 2021", "Ada Lund"), ("بقلم: سعاد المرابط", "سعاد المرابط"), ("By noon", None)],
)
def test_a_byline_names_the_author(tmp_path: Path, line: str, author: str | None) -> None:
    assert extract_of(tmp_path, "a.txt", f"The harbour\n\n{line}\n\nIt is new.\n").author == author


@pytest.mark.parametrize(
    ("front", "author", "day"),
    [
        ('---\nauthor: "Ada Lund"\ndate: 2024-05-17T10:00:00+02:00\n---\n', "Ada Lund", "2024-05-17"),
        (
            "---\nauthors: [Ada Lund, 'Ben Moor']\npublished: 2024-05-17\n---\n",
            "Ada Lund, Ben Moor",
            "2024-05-17",
        ),
        ("---\nauthors:\n  - Ada Lund\n  - Ben Moor\n---\n", "Ada Lund, Ben Moor", None),
        ("---\nauthor:\n  name: Ada Lund\n  site: x\ntags: [x]\n---\n", "Ada Lund", None),
        ('+++\nauthors = ["Ada Lund"]\ndate = 2024-05-17\n+++\n', "Ada Lund", "2024-05-17"),
        ("---\ntitle: x\nauthor:\ndraft: true\n---\n", None, None),
    ],
)
def test_front_matter(tmp_path: Path, front: str, author: str | None, day: str | None) -> None:
    extract = extract_of(tmp_path, "a.md", f"{front}# Rules\n\nVisas are needed.\n")
    assert (extract.author, extract.day) == (author, day)


@pytest.mark.parametrize(
    "head",
    [
        "<meta name=author content='Ada Lund'>"
        "<meta property='article:published_time' content='2025-06-19T08:00Z'>",
        "<meta name=DC.creator content='Ada Lund'><meta name=DC.date content=2025-06-19>",
        '<script type="application/ld+json">{"@graph": [{"@type": "WebSite"},'
        ' {"author": [{"name": "Ada Lund"}], "datePublished": "2025-06-19T10:00:00+01:00"}]}</script>',
        "<meta name=author content=admin><meta name=citation_author content='Ada Lund'>"
        "<time class='entry-date published' datetime='2025-06-19'>",
    ],
)
def test_the_head_of_a_page(tmp_path: Path, head: str) -> None:
    extract = extract_of(tmp_path, "a.html", f"<head>{head}</head><body><h1>Port</h1><p>It is new.</p>")
    assert (extract.author, extract.day) == ("Ada Lund", "2025-06-19")


@pytest.mark.parametrize(
    ("creator", "author", "day"),
    [
        ("Ada Lund", "Ada Lund", "2024-05-17"),
        ("Microsoft Office User", None, "2024-05-17"),
        ("python-docx", None, None),
    ],
)
def test_the_properties_of_a_word_document(
    tmp_path: Path, creator: str, author: str | None, day: str | None
) -> None:
    document = docx.Document()
    document.add_paragraph("Ships pay 40 euros.")
    document.core_properties.author = creator
    document.core_properties.created = datetime(2024, 5, 17, 9, 30)
    extract = extract_of(tmp_path, "a.docx", saved(document))
    assert (extract.author, extract.day) == (author, day)


@pytest.mark.parametrize(
    ("fields", "author", "day"),
    [
        (
            "<meta:initial-creator>Ada Lund</meta:initial-creator><dc:creator>Ben Moor</dc:creator>"
            "<meta:creation-date>2024-05-17T09:30:00.25</meta:creation-date><dc:date>2025-01-01</dc:date>",
            "Ada Lund",
            "2024-05-17",
        ),
        (
            "<meta:initial-creator>root</meta:initial-creator><dc:creator>Ben Moor</dc:creator>",
            "Ben Moor",
            None,
        ),
        ("<dc:creator/>", None, None),
    ],
)
def test_the_metadata_of_an_open_document(
    tmp_path: Path, fields: str, author: str | None, day: str | None
) -> None:
    office = "urn:oasis:names:tc:opendocument:xmlns"
    names = f'xmlns:office="{office}:office:1.0" xmlns:meta="{office}:meta:1.0"'
    root = f'<office:document-meta {names} xmlns:dc="http://purl.org/dc/elements/1.1/">'
    meta = f"{root}<office:meta>{fields}</office:meta></office:document-meta>"
    path = written(tmp_path, "a.odt", odt(tmp_path, "<text:p>Ships pay 40 euros.</text:p>"))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("meta.xml", meta)
    extract = read(path)
    assert (extract.author, extract.day) == (author, day)


@pytest.mark.parametrize(
    ("author", "expected"), [("Ada Lund", "Ada Lund"), ("Utilisateur Windows", None), ("", None)]
)
def test_the_metadata_of_a_pdf_names_its_author_but_not_its_day(
    tmp_path: Path, author: str, expected: str | None
) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica")
    pdf.cell(text="Ships pay 40 euros.")
    pdf.set_author(author)
    extract = extract_of(tmp_path, "a.pdf", bytes(pdf.output()))
    assert (extract.author, extract.day) == (expected, None)


def test_damaged_json_in_a_page_says_nothing(tmp_path: Path) -> None:
    page = '<script type="application/ld+json">{"datePublished": [}</script><p>It is new.</p>'
    assert extract_of(tmp_path, "a.html", page).day is None


def test_what_is_stated_stands_in_the_description_until_somebody_changes_it(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    path = written(tmp_path, "a.md", "---\nauthor: Ada Lund\ndate: 2024-05-17\n---\n# Rules\n\nVisas.\n")
    metadata = adding.add_file(path, corpus, replace=False).document.metadata
    assert (metadata.author, str(metadata.day)) == ("Ada Lund", "2024-05-17")
    described = corpus / "a" / "document.toml"
    described.write_text(described.read_text().replace("Ada Lund", "Ben Moor"))
    assert adding.add_file(path, corpus, replace=True).document.metadata.author == "Ben Moor"

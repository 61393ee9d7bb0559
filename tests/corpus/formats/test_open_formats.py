import zipfile
from pathlib import Path

import pytest

from assemblybot.errors import DocumentReadError
from tests.corpus.reading import extract_of, kinds_of

NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "style", "table", "text")
)
STYLES = (
    '<text:list-style style:name="N"><text:list-level-style-number style:num-format="1"/></text:list-style>'
    '<style:style style:name="P1" style:parent-style-name="Title"/>'
)
BODY = (
    '<text:p text:style-name="P1">Harbour rules</text:p>'
    '<text:h text:outline-level="1">Fees</text:h>'
    "<text:p>Ships pay<text:s/>40 euros<text:note><text:note-citation>1</text:note-citation>"
    "<text:note-body><text:p>Fishing boats pay nothing.</text:p></text:note-body></text:note> a day."
    "<office:annotation><text:p>Check this.</text:p></office:annotation></text:p>"
    '<text:list text:style-name="N"><text:list-item><text:p>Call.</text:p><text:p>Wait.</text:p>'
    "</text:list-item>"
    "<text:list-item><text:p>Pay.</text:p><text:list><text:list-item><text:p>In cash.</text:p>"
    "</text:list-item></text:list></text:list-item></text:list>"
    "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Port</text:p>"
    "</table:table-cell><table:table-cell><text:p>Fee</text:p></table:table-cell></table:table-row>"
    "</table:table-header-rows><table:table-row><table:table-cell><text:p>Safi</text:p></table:table-cell>"
    '<table:table-cell table:number-columns-repeated="1"><text:p>40</text:p></table:table-cell>'
    "</table:table-row></table:table>"
)
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)
PACKAGE = (
    '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>{title}</dc:title>"
    "<dc:creator>Ada Lund</dc:creator><dc:date>2021-05-03</dc:date></metadata><manifest>"
    '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    '<item id="two" href="text/chapter%202.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="one" href="text/one.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="gone" href="gone.xhtml" media-type="application/xhtml+xml"/></manifest><spine>'
    '<itemref idref="nav"/><itemref idref="one"/><itemref idref="two"/><itemref idref="one"/>'
    '<itemref idref="gone"/></spine></package>'
)


def archive_of(folder: Path, parts: dict[str, str]) -> bytes:
    path = folder / "parts.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path.read_bytes()


def odt(folder: Path, body: str) -> bytes:
    content = (
        f"<office:document-content {NAMES}><office:automatic-styles>{STYLES}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return archive_of(folder, {"content.xml": content})


def epub(folder: Path, title: str = "The harbour book") -> bytes:
    page = '<html xmlns="http://www.w3.org/1999/xhtml"><body>{}</body></html>'
    return archive_of(
        folder,
        {
            "META-INF/container.xml": CONTAINER,
            "OEBPS/book.opf": PACKAGE.format(title=title),
            "OEBPS/nav.xhtml": page.format("<ol><li><a href='text/one.xhtml'>Tides</a></li></ol>"),
            "OEBPS/text/one.xhtml": page.format("<h1 id='t'>Tides</h1><p>They turn at noon.</p>"),
            "OEBPS/text/chapter 2.xhtml": page.format("<h1>Lights</h1><p>The light is green.</p>"),
        },
    )


def test_an_open_document_text(tmp_path: Path) -> None:
    data = odt(tmp_path, BODY)
    assert kinds_of(tmp_path, "a.odt", data) == [
        ("title", "Harbour rules"),
        ("heading", "Fees"),
        ("lead_in", "Ships pay 40 euros a day."),
        ("item", "1. Call.\nWait."),
        ("item", "2. Pay."),
        ("item", "• In cash."),
        ("item", "Port: Safi; Fee: 40"),
        ("paragraph", "Fishing boats pay nothing."),
    ]
    extract = extract_of(tmp_path, "a.odt", data)
    assert (extract.title, extract.left_out) == ("Harbour rules", ("comments (1)",))


def test_a_book_is_read_in_the_order_of_its_spine(tmp_path: Path) -> None:
    extract = extract_of(tmp_path, "a.epub", epub(tmp_path))
    assert extract.text == "Tides\n\nThey turn at noon.\n\nLights\n\nThe light is green."
    assert (extract.title, extract.left_out) == ("The harbour book", ("table of contents",))
    assert (extract.author, extract.day) == ("Ada Lund", "2021-05-03")
    assert {block.anchor for block in extract.blocks} == {None}
    assert extract_of(tmp_path, "b.epub", epub(tmp_path, "Unknown Title")).title is None


def test_a_book_with_an_empty_page(tmp_path: Path) -> None:
    parts = {"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": PACKAGE.format(title="Book")}
    pages = {"OEBPS/text/one.xhtml": "<!-- -->", "OEBPS/text/chapter 2.xhtml": "<p>The light is green.</p>"}
    assert extract_of(tmp_path, "a.epub", archive_of(tmp_path, parts | pages)).text == "The light is green."


@pytest.mark.parametrize("suffix", [".odt", ".epub"])
@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no", b"text"])
def test_archives_that_are_damaged(tmp_path: Path, suffix: str, data: bytes) -> None:
    with pytest.raises(DocumentReadError, match="damaged"):
        extract_of(tmp_path, f"a{suffix}", data)


@pytest.mark.parametrize("suffix", [".odt", ".epub"])
def test_archives_without_the_parts_of_their_format(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(DocumentReadError, match="damaged"):
        extract_of(tmp_path, f"a{suffix}", archive_of(tmp_path, {"other.xml": "<a/>"}))


def test_an_encrypted_book_is_refused(tmp_path: Path) -> None:
    parts = {"META-INF/encryption.xml": '<a Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>'}
    with pytest.raises(DocumentReadError, match="DRM"):
        extract_of(tmp_path, "a.epub", archive_of(tmp_path, parts))

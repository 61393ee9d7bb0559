"""OpenDocument texts as LibreOffice writes them: numbers, fonts, contents, edges of pages."""

import zipfile
from pathlib import Path

from assemblybot.corpus.readers import read
from tests.corpus.reading import kinds_of, written

NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "style", "table", "text")
)
FO = 'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'


def number(level: int, form: str, more: str = "", tag: str = "list-level-style-number") -> str:
    return f'<text:{tag} text:level="{level}" style:num-format="{form}" {more}/>'


def style(name: str, properties: str, parent: str = "") -> str:
    above = f'style:parent-style-name="{parent}"' if parent else ""
    return f'<style:style style:name="{name}" {above}><style:text-properties {properties}/></style:style>'


STYLES = "".join(
    (
        '<text:list-style style:name="L1">',
        number(1, "1", 'style:num-suffix=")"'),
        number(2, "a", 'style:num-prefix="(" style:num-suffix=")"'),
        "</text:list-style>",
        '<text:list-style style:name="L2">',
        number(1, "1", 'style:num-suffix="." text:start-value="3"'),
        "</text:list-style>",
        '<text:list-style style:name="WW">',
        number(1, "1", 'style:num-suffix="."'),
        number(2, "1", 'style:num-suffix="." text:display-levels="2"'),
        "</text:list-style>",
        style("B", 'fo:font-weight="bold"'),
        style("A", 'style:font-weight-complex="bold"'),
        style("C", 'fo:font-size="9pt"', "B"),
        style("N", 'fo:font-weight="normal"', "B"),
        style("S", 'style:text-position="super 58%"'),
    )
)


def odt(folder: Path, body: str, styles: str = "") -> bytes:
    content = (
        f"<office:document-content {NAMES} {FO}><office:automatic-styles>{STYLES}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    path = folder / "made.odt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", content)
        archive.writestr("styles.xml", f"<office:document-styles {NAMES}>{styles}</office:document-styles>")
    return path.read_bytes()


def paragraph(text: str, style: str = "Standard") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def listed(style: str, *items: str, more: str = "") -> str:
    inner = "".join(f"<text:list-item>{item}</text:list-item>" for item in items)
    return f'<text:list text:style-name="{style}" {more}>{inner}</text:list>'


def texts(folder: Path, body: str, styles: str = "") -> list[str]:
    return [text for _, text in kinds_of(folder, "a.odt", odt(folder, body, styles))]


def test_lists_go_on_begin_anew_and_count_in_letters(tmp_path: Path) -> None:
    deeper = "<text:list><text:list-item><text:p>deep</text:p></text:list-item></text:list>"
    body = (
        listed("L1", paragraph("one") + deeper, paragraph("two"))
        + paragraph("Between them.")
        + listed("L1", paragraph("three"), more='text:continue-numbering="true"')
        + listed("L1", paragraph("anew"))
        + listed("L2", paragraph("from its start"))
    )
    assert texts(tmp_path, body) == [
        "1) one",
        "(a) deep",
        "2) two",
        "Between them.",
        "3) three",
        "1) anew",
        "3. from its start",
    ]


def test_headings_in_lists_have_the_numbers_of_their_levels(tmp_path: Path) -> None:
    def heading(text: str) -> str:
        return f'<text:h text:outline-level="1">{text}</text:h>'

    within = f"<text:list><text:list-item>{heading('Digging')}</text:list-item></text:list>"
    again = 'text:continue-numbering="true"'
    body = (
        listed("WW", heading("Wells"))
        + paragraph("Wells are holes.")
        + listed("WW", heading("Tools") + within, more=again)
        + listed("WW", within, more=again)
    )
    assert texts(tmp_path, body) == [
        "1. Wells",
        "Wells are holes.",
        "2. Tools",
        "2.1. Digging",
        "2.2. Digging",
    ]


def test_the_outline_numbers_headings(tmp_path: Path) -> None:
    outline = number(1, "I", 'style:num-suffix="."', "outline-level-style")
    outline += number(2, "1", 'text:display-levels="2"', "outline-level-style")
    body = "".join(f'<text:h text:outline-level="{level}">Part</text:h>' for level in (1, 2, 2, 1))
    styles = f"<text:outline-style>{outline}</text:outline-style>"
    assert texts(tmp_path, body, styles) == ["I. Part", "I.1 Part", "I.2 Part", "II. Part"]
    assert texts(tmp_path, body) == ["Part"] * 4


def test_bold_lines_are_headings_and_raised_digits_stay_apart(tmp_path: Path) -> None:
    span = '<text:span text:style-name="{}">{}</text:span>'.format
    body = (
        paragraph("Minutes", "B")
        + paragraph(f"It is 3 km{span('S', '2')}.")
        + paragraph(span("B", "Plans"))
        + paragraph("We dig.")
        + paragraph("القرارات", "A")
        + paragraph("نحفر.")
        + paragraph(f"{span('B', 'No')} heading")
        + paragraph(span("N", "Not bold"), "C")
        + paragraph("The end", "C")
    )
    assert kinds_of(tmp_path, "a.odt", odt(tmp_path, body)) == [
        ("title", "Minutes"),
        ("paragraph", "It is 3 km²."),
        ("heading", "Plans"),
        ("paragraph", "We dig."),
        ("heading", "القرارات"),
        ("paragraph", "نحفر."),
        ("paragraph", "No heading"),
        ("paragraph", "Not bold"),
        ("paragraph", "The end"),
    ]


def test_contents_and_edges_of_pages_are_left_out_and_told(tmp_path: Path) -> None:
    made = f"<text:index-body>{paragraph('1 Rules 3')}</text:index-body>"
    body = f"<text:table-of-content>{made}</text:table-of-content>"
    body += paragraph("Contents", "Contents_20_Heading") + paragraph("Nobody swims.")
    edges = f"<style:header>{paragraph('Secret')}</style:header><style:footer>{paragraph('')}</style:footer>"
    extract = read(written(tmp_path, "a.odt", odt(tmp_path, body, edges)))
    assert extract.texts() == ["Nobody swims."]
    assert extract.left_out == (
        "page headers and footers (1)",
        "table of contents (2 lines)",
    )

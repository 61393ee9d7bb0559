from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblybot.corpus.formats import html
from assemblybot.corpus.passages import split
from assemblybot.errors import DocumentReadError
from tests.corpus.reading import extract_of, kinds_of, passages_of

TEXT = "<p>Delegates of member countries met in the city for four days and spoke about their common work.</p>"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>one.<br>two.</p>", ["one.\ntwo."]),
        ("<p>للجميع<br/>البطاقات</p>", ["للجميع\nالبطاقات"]),
        ("<h2>Part one<br>The rules</h2>", ["Part one The rules"]),
        ("<ul><li>fruit<ul><li>apple</li><li>pear</li></ul></li></ul>", ["• fruit", "• apple", "• pear"]),
        ("<ul><li><div>one</div><div>two</div></li></ul>", ["• one\ntwo"]),
        ("<ol start=3><li>three<li>four</ol>", ["3. three", "4. four"]),
        ("<pre>a  b\n  c</pre>", ["a  b\n  c"]),
        ("<dl><dt>Quay</dt><dd>A wall for ships</dd></dl>", ["Quay: A wall for ships"]),
        ("<details><summary>Who?</summary>Members.</details>", ["Who?", "Members."]),
        ("<div>a<div>b</div>c</div>", ["a", "b", "c"]),
        ("<p>one <b>bold</b>er <i>word</i></p>", ["one bolder word"]),
        ("<div>at <o:p>five</o:p> sharp</div>", ["at five sharp"]),
        (
            "<table><tr><td>Rabat<br>Fes</td><td>1</td></tr><tr><td>x</td><td>2</td></tr></table>",
            ["Rabat Fes: 1", "x: 2"],
        ),
        (
            "<table><tr><th>Port</th><th>Depth</th></tr>"
            "<tr><td rowspan=2>Ellen</td><td>9</td></tr><tr><td>8</td></tr></table>",
            ["Port: Ellen; Depth: 9", "Port: Ellen; Depth: 8"],
        ),
    ],
)
def test_what_separates_words_is_kept(tmp_path: Path, markup: str, expected: list[str]) -> None:
    assert [text for _, text in kinds_of(tmp_path, "a.html", f"<article>{markup}</article>")] == expected
    assert [text for _, text in kinds_of(tmp_path, "a.html", f"{markup}{TEXT}")][:-1] == expected


PAGE = f"""<html><head><title>Harbour news | The Town</title></head><body>
<div class="cookie-consent"><p>We use cookies.</p><button>Accept</button></div>
<nav><a href="/">Start</a> <a href="/news">News</a></nav>
<main><article><h1 id="top">The new harbour</h1>{TEXT}
<h2 id="money">Who paid</h2><p>The council paid.</p>
<div class="share">Share: <a href="#">Mail</a></div>
<aside class="related"><h3>Related</h3><ul><li><a href="/a">Another page</a></li></ul></aside></article>
<section id="comments"><h2>2 comments</h2><p>Great work, said somebody.</p></section>
</main><footer>All rights reserved</footer></body></html>"""


def test_furniture_is_left_out_and_told(tmp_path: Path) -> None:
    extract = extract_of(tmp_path, "page.html", PAGE)
    found = split("page", extract)
    assert found[0].text == extract.title == "The new harbour"
    assert [p.text for p in found][2:] == ["Who paid", "The council paid."]
    assert (found[-1].section, found[-1].anchor) == ("Who paid", "#money")
    told = " ".join(extract.left_out)
    assert all(what in told for what in ("cookie", "navigation", "comments", "sharing", "page footer"))


def test_articles_of_one_page_keep_their_headings(tmp_path: Path) -> None:
    articles = "".join(
        f"<article><h2>المادة {n}</h2><p>نص المادة رقم {n} من الإعلان.</p></article>" for n in range(1, 4)
    )
    page = f"<h1>الإعلان</h1><header><h2>الديباجة</h2>{TEXT}</header>{articles}"
    found = passages_of(tmp_path, "a.html", page)
    assert [p.text for p in found if p.kind.value == "heading"] == [
        "الديباجة",
        "المادة 1",
        "المادة 2",
        "المادة 3",
    ]
    assert found[-1].section == "المادة 3"


def test_a_page_laid_out_by_a_table_is_read_once(tmp_path: Path) -> None:
    cell = f"<td><h1>Opening hours</h1>{TEXT}<p>Free.</p></td>"
    page = f"<title>Hours</title><table><tr><td><a href=/>Home</a></td>{cell}</tr></table>"
    assert [kind for kind, _ in kinds_of(tmp_path, "a.html", page)] == ["title", "paragraph", "paragraph"]


def test_text_about_cookies_and_forms_round_a_page_stay(tmp_path: Path) -> None:
    page = f"<form><main><h1>Rules</h1>{TEXT}<p>The baker sells cookies and bread.</p></main></form>"
    assert [text for _, text in kinds_of(tmp_path, "a.html", page)][
        -1
    ] == "The baker sells cookies and bread."


def test_title_without_a_heading_and_without_the_name_of_the_site(tmp_path: Path) -> None:
    assert extract_of(tmp_path, "a.html", f"<title>Hours – The Town</title>{TEXT}").title == "Hours"


@pytest.mark.parametrize("name", ["bail - copie (3).docx", "Untitled", "sans titre", " "])
def test_the_name_of_a_file_is_no_title(tmp_path: Path, name: str) -> None:
    assert extract_of(tmp_path, "a.html", f"<title>{name}</title>{TEXT}").title is None


def test_too_many_attributes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentReadError, match="attributes"):
        extract_of(tmp_path, "a.html", "<p " + " ".join(f"a{n}" for n in range(5000)) + ">x</p>")


def test_a_hundred_thousand_attributes_are_not_even_parsed(tmp_path: Path) -> None:
    with pytest.raises(DocumentReadError, match="attributes"):
        extract_of(tmp_path, "a.html", "<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x</p>")


def test_the_header_of_a_site_is_left_out(tmp_path: Path) -> None:
    header = "<header><a href='#c'>Skip to content</a> <div>The Museum</div></header>"
    source = f"{header}<h1>Hours</h1><p>It opens at nine.</p>"
    extract = extract_of(tmp_path, "a.html", source)
    assert extract.text == "Hours\n\nIt opens at nine."
    assert extract.left_out == ("page header (5 words)",)
    assert (
        "Rules"
        in extract_of(tmp_path, "b.html", source.replace("<div>The Museum", "<h2>Rules</h2><div>")).text
    )


def test_raised_digits_join_no_word(tmp_path: Path) -> None:
    source = (
        "<p>A hall of 25 m<sup>2</sup>, the 1<sup>er</sup>.</p>"
        "<table><tr><th>Day</th><th>Opens</th></tr><tr><td>Saturday<sup>1</sup></td><td>9</td></tr></table>"
    )
    assert [p.text for p in passages_of(tmp_path, "a.html", source)] == [
        "A hall of 25 m², the 1er.",
        "Day: Saturday¹; Opens: 9",
    ]


def test_terms_that_share_a_definition(tmp_path: Path) -> None:
    source = "<dl><dt>Companion</dt><dt>Carer</dt><dd>enters free</dd></dl>"
    assert [p.text for p in passages_of(tmp_path, "a.html", source)] == ["Companion, Carer: enters free"]


def test_deep_nesting_ends(tmp_path: Path) -> None:
    try:
        extract_of(tmp_path, "a.html", "<div>" * 50_000 + "deep")
    except DocumentReadError:
        return


TAGS = st.sampled_from(
    "p div ul li table tr td th br h1 h2 pre dl dt dd nav article a b ol span details".split()
)
PIECES = st.lists(
    TAGS.map("<{}>".format) | TAGS.map("</{}>".format) | st.text(alphabet="ab \n<&;ا", max_size=8),
    max_size=40,
)


@given(PIECES)
def test_any_tags_are_read(pieces: list[str]) -> None:
    try:
        extract = html.extract("".join(pieces).encode())
    except DocumentReadError:
        return
    for passage in split("d", extract):
        assert extract.text[passage.start : passage.end] == passage.text


def test_bullets_that_were_typed_are_a_list(tmp_path: Path) -> None:
    source = f"{TEXT}<p>Bring with you:</p><p>• a pass</p><p>• a photo</p><pre>- a  b</pre>"
    found = passages_of(tmp_path, "a.html", f"<main>{source}</main>")
    assert [(p.kind.value, p.lead_in) for p in found[1:]] == [
        ("lead_in", None),
        ("item", 2),
        ("item", 2),
        ("paragraph", None),
    ]

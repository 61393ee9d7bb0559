"""Web pages as sites make them: accordions, roles, labels, bold lines, references, hidden parts."""

from pathlib import Path

import pytest

from tests.corpus.reading import extract_of, kinds_of, passages_of


@pytest.mark.parametrize(
    "question",
    [
        '<h2><button class="accordion-button">Who pays?</button></h2>',
        '<button class="accordion">Who pays?</button>',
        '<button aria-expanded="false" aria-controls="one">Who pays?</button>',
        '<div role="heading" aria-level="3">Who pays?</div>',
        "<p><strong>Who pays?</strong></p>",
        "<details><summary>Who pays?</summary></details>",
    ],
)
def test_the_questions_of_an_accordion_are_headings(tmp_path: Path, question: str) -> None:
    page = f'<h1>Port</h1><button>Search</button>{question}<div id="one">Ships pay.</div>'
    assert kinds_of(tmp_path, "a.html", page) == [
        ("title", "Port"),
        ("heading", "Who pays?"),
        ("paragraph", "Ships pay."),
    ]


@pytest.mark.parametrize("hidden", ['hidden=""', 'style="display: none"'])
def test_what_a_click_opens_is_text_but_a_menu_is_not(tmp_path: Path, hidden: str) -> None:
    page = (
        '<h1>Port</h1><h2><button aria-controls="one">Fees</button></h2>'
        f'<div id="one" {hidden}>Ships pay.</div>'
        '<h2><a href="#two" data-toggle="tab" role="tab">Days</a></h2>'
        f'<div id="two" {hidden}>Every day.</div>'
        f'<button aria-controls="menu">Menu</button><div id="menu" {hidden}><a href="/">Home</a></div>'
        f"<div {hidden}>Nobody sees this.</div>"
    )
    extract = extract_of(tmp_path, "a.html", page)
    assert extract.texts() == ["Port", "Fees", "Ships pay.", "Days", "Every day."]
    assert extract.left_out == ("hidden text (4 words)",)


def test_bold_lines_are_headings_where_text_follows(tmp_path: Path) -> None:
    page = (
        "<p><b>Fees</b></p><p>Ships pay.<br><b>Clocks</b><br>They <b>tick</b>.<br>"
        "Twice a minute, by day and by night.</p>"
        "<ul><li><b>One</b></li></ul><p><b>It is closed.</b></p><p><b>The harbour master</b></p>"
    )
    assert kinds_of(tmp_path, "a.html", page) == [
        ("title", "Fees"),
        ("paragraph", "Ships pay."),
        ("heading", "Clocks"),
        ("paragraph", "They tick.\nTwice a minute, by day and by night."),
        ("item", "• One"),
        ("paragraph", "It is closed."),
        ("paragraph", "The harbour master"),
    ]


def test_roles_are_lists_and_tables(tmp_path: Path) -> None:
    page = (
        '<div role="list"><div role="listitem">Clean it</div></div><div role="table"><div role="row">'
        '<span role="columnheader">Plot</span><span role="columnheader">Fee</span></div><div role="row">'
        '<span role="cell">Small</span><span role="cell">30</span></div></div>'
    )
    assert kinds_of(tmp_path, "a.html", page) == [("item", "• Clean it"), ("item", "Plot: Small; Fee: 30")]


def test_a_label_stands_before_what_it_names(tmp_path: Path) -> None:
    field = '<div class="field"><div class="field__label">{}</div><div class="field__item">{}</div></div>'
    page = field.format("Fee", "40 euros") + field.format("Days", "<p>Monday</p>") + "<p>The end.</p>"
    assert [text for _, text in kinds_of(tmp_path, "a.html", page)] == [
        "Fee: 40 euros",
        "Days: Monday",
        "The end.",
    ]


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<a>Ada Lund</a><span>19 June</span>", "Ada Lund 19 June"),
        ("<span>It closed.</span><span>Then it rained</span>", "It closed. Then it rained"),
        ("<b>H</b><i>arbour</i>", "Harbour"),
        ("<span>har</span><span>bour</span>", "harbour"),
        ("<span>(</span><a>see</a><span>)</span>", "(see)"),
        ("<b>Fee</b><span>, in euros</span>", "Fee, in euros"),
    ],
)
def test_words_that_only_style_parts_are_parted(tmp_path: Path, page: str, text: str) -> None:
    assert extract_of(tmp_path, "a.html", f"<p>{page}</p>").text == text


def test_references_and_links_for_editors_are_no_text(tmp_path: Path) -> None:
    page = (
        '<h2>Fauna<span class="mw-editsection">[<a href="/e">edit</a>]</span></h2><p>Otters live here.'
        '<sup><a href="#cite-2">[2]</a></sup> Pike, too, on 3 km<sup>2</sup>.'
        '<span class="noprint">[by whom?]</span></p>'
    )
    extract = extract_of(tmp_path, "a.html", page)
    assert extract.texts() == ["Fauna", "Otters live here. Pike, too, on 3 km²."]
    assert extract.left_out == ("navigation (3 words)", "what is not printed (2 words)")


def test_lists_count_as_the_page_says(tmp_path: Path) -> None:
    page = "<ol type=a><li>pass<li value=5>photo<li>money</ol><ol type=I start=4><li>sign</ol>"
    texts = [text for _, text in kinds_of(tmp_path, "a.html", page)]
    assert texts == ["a. pass", "e. photo", "f. money", "IV. sign"]


def test_after_a_list_with_headings_the_section_above_goes_on(tmp_path: Path) -> None:
    page = (
        "<h1>Port</h1><h2>Rules</h2><ol><li><h3>Papers</h3>Bring them.<ul><li><h4>Crew</h4>A list</ul>"
        "All of it.<li><h3>Flag</h3>Show it.</ol><p>Ask the master.</p>"
    )
    sections = {p.text: p.section for p in passages_of(tmp_path, "a.html", page)}
    assert (sections["All of it."], sections["• A list"]) == ("Papers", "Crew")
    assert sections["Ask the master."] == "Rules"


def test_after_details_the_section_above_goes_on(tmp_path: Path) -> None:
    details = "<details><summary>{}</summary><p>Yes.</p></details>"
    page = (
        f"<h1>Port</h1>{details.format('Is it open?')}{details.format('Is it free?')}"
        "<p>Call us.</p><ul><li>By day</ul>"
        f"<h2>Fees</h2>{details.format('Is it dear?')}<p>Ships pay.</p><ul><li>In cash</ul>"
    )
    found = passages_of(tmp_path, "a.html", page)
    assert [(p.text, p.section, p.lead_in) for p in found if p.text[:3] in ("Cal", "• B", "Shi", "• I")] == [
        ("Call us.", None, None),
        ("• By day", None, 6),
        ("Ships pay.", "Fees", None),
        ("• In cash", "Fees", 11),
    ]


def test_a_title_below_other_lines_is_the_title(tmp_path: Path) -> None:
    found = kinds_of(tmp_path, "a.html", "<p>Thursday</p><h1>The strike ends</h1><p>It took a week.</p>")
    assert [kind for kind, _ in found] == ["paragraph", "title", "paragraph"]


def test_names_in_the_first_of_two_columns(tmp_path: Path) -> None:
    page = (
        "<table><tr><th colspan=2>Lake</th></tr><tr><th>Place<td>Atlas</tr><tr><th>Depth<td>42 m</tr>"
        "<tr><th>Area<td>3 km</tr></table>"
    )
    texts = [text for _, text in kinds_of(tmp_path, "a.html", page)]
    assert texts == ["Lake", "Place: Atlas", "Depth: 42 m", "Area: 3 km"]


def test_lists_of_files_are_text_and_other_lists_of_links_are_not(tmp_path: Path) -> None:
    page = (
        "<h1>Forms</h1><p>Fill one in.</p><ul><li><a href='/a.pdf?v=2'>Request of a berth</a></ul>"
        "<ul><li><a href='/news'>News</a></ul>"
        "<p><b>Read also:</b> <a href='/x'>The port of Safi grows</a></p>"
    )
    extract = extract_of(tmp_path, "a.html", page)
    assert extract.texts() == ["Forms", "Fill one in.", "• Request of a berth"]
    assert extract.left_out == ("related links (7 words)", "links (1 words)")


def test_terms_in_arabic_share_an_arabic_comma(tmp_path: Path) -> None:
    page = "<dl><dt>الخط 1</dt><dt>الخط 2</dt><dd>كل يوم</dd></dl>"
    assert extract_of(tmp_path, "a.html", page).text == "الخط 1، الخط 2: كل يوم"


def test_a_list_of_places_in_the_page_is_its_contents(tmp_path: Path) -> None:
    contents = "<ul><li><a href='#fees'>Fees</a><li><a href='#days'>Days</a></ul>"
    page = f"<main><h1>Port</h1>{contents}<p>Ships pay.</main>"
    extract = extract_of(tmp_path, "a.html", page)
    assert (extract.texts(), extract.left_out) == (["Port", "Ships pay."], ("table of contents (2 words)",))


def test_styles_of_word_processors(tmp_path: Path) -> None:
    page = (
        "<style>.c1{font-weight:700}</style><p class='c3 title'><span>Plan</span></p>"
        "<p><span class=c1>Meeting point</span></p><p>The yard.</p>"
        "<p><span style='font-weight:bold'>Who</span></p><p>Us all.</p>"
        "<p><span style='font-family:Symbol'>·<span>&nbsp; </span></span>three weeks</p>"
        "<p>1. Fill it in</p><p>2. Send it</p><blockquote><cite>Lise:</cite>Why?</blockquote>"
    )
    assert kinds_of(tmp_path, "a.html", page) == [
        ("title", "Plan"),
        ("heading", "Meeting point"),
        ("paragraph", "The yard."),
        ("heading", "Who"),
        ("lead_in", "Us all."),
        ("item", "• three weeks"),
        ("item", "1. Fill it in"),
        ("item", "2. Send it"),
        ("paragraph", "Lise:"),
        ("paragraph", "Why?"),
    ]


def test_a_list_that_goes_on_keeps_what_introduces_it(tmp_path: Path) -> None:
    page = (
        "<p>To do:</p><ol><li>Shut it</ol><p>It rings.</p><ol start=2><li>Go</ol>"
        "<h2>End</h2><ol start=3><li>Rest</ol>"
    )
    assert [p.lead_in for p in passages_of(tmp_path, "a.html", page)] == [None, 1, None, 1, None, 5]


def test_a_numbered_line_introduces_nothing(tmp_path: Path) -> None:
    found = passages_of(tmp_path, "a.html", "<h1>Port</h1><h2>Fees</h2><p>1. Pay</p><ul><li>in cash</ul>")
    assert [(p.kind.value, p.lead_in) for p in found][2:] == [("paragraph", None), ("item", 2)]


def test_lines_that_only_breaks_part_are_paragraphs_and_items(tmp_path: Path) -> None:
    page = (
        "<div>Dear all,<br>we meet.<br><br>Bring:<br>- a pen<br>- paper<br>of any kind<br>&nbsp;<br>"
        "See you</div>"
    )
    assert kinds_of(tmp_path, "a.html", page) == [
        ("paragraph", "Dear all,\nwe meet."),
        ("lead_in", "Bring:"),
        ("item", "- a pen"),
        ("item", "- paper\nof any kind"),
        ("paragraph", "See you"),
    ]


def test_a_table_with_empty_paragraphs_in_its_cells_holds_data(tmp_path: Path) -> None:
    page = "<table><tr><td><p>Port<td><p>Fee</tr><tr><td><p>Safi<p>&nbsp;<p><br><td><p>40</tr></table>"
    assert extract_of(tmp_path, "a.html", page).text == "Port: Safi; Fee: 40"

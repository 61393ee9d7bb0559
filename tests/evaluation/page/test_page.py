import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from lxml import html

from assemblybot import Assistant
from assemblybot.evaluation import measures
from assemblybot.evaluation.page.page import mistakes, render
from assemblybot.evaluation.run import Run, load, save
from tests.evaluation.conftest import HOSTILE

VOID = {"meta", "br"}


@pytest.fixture(scope="session")
def page(run: Run, assistant: Assistant, question_file: Path) -> str:
    return render(run, assistant.index.documents, question_file.name)


class Balance(HTMLParser):
    """Fails where a tag closes what is not open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_tag_is_closed(page: str) -> None:
    balance = Balance()
    balance.feed(page)
    assert balance.open == []
    assert {"svg", "table", "blockquote"} <= balance.seen


def test_nothing_is_fetched_or_run(page: str) -> None:
    root = html.document_fromstring(page)
    assert not root.xpath("//script | //link | //img | //iframe | //@src | //@onload | //@onclick")
    assert all(target.startswith("#") for target in root.xpath("//@href"))
    assert not re.search(r"url\(|@import", page)
    assert "default-src 'none'" in page


def test_links_lead_to_places_on_the_page(page: str) -> None:
    root = html.document_fromstring(page)
    for target in root.xpath("//a/@href"):
        assert root.get_element_by_id(target[1:]) is not None


def test_what_was_asked_is_escaped(page: str) -> None:
    root = html.document_fromstring(page)
    assert "<script>" not in page
    assert HOSTILE in [question.text_content() for question in root.find_class("question")]
    assert root.findtext("head/title") == "Evaluation on some <questions>.jsonl"


def test_headlines_equal_the_measures(page: str, run: Run) -> None:
    root = html.document_fromstring(page)
    shown = {tile[0].text: (tile[1].text, tile[2].text) for tile in root.xpath("//dl/div")}
    first = measures.recall(run.outcomes)
    low, high = first.interval
    assert shown["first citation right (R@1)"] == (
        f"{100 * first.hits / first.count:.1f} %",
        f"{first.hits} of {first.count} · {100 * low:.0f}–{100 * high:.0f} %",
    )
    assert shown["calibration error (ECE)"][0] == f"{measures.expected_calibration_error(run.outcomes):.3f}"
    wrong = sum(not o.best_right for o in run.outcomes if not o.refused)
    assert shown["answers that are wrong"][1].startswith(f"{wrong} of ")


def test_every_mistake_stands_beside_what_was_right(page: str, run: Run) -> None:
    root = html.document_fromstring(page)
    cards = root.xpath("//section[h2/@id='worst']/article")
    wrong = [case for case in run.cases if not case.outcome.right]
    assert len(cards) == len(wrong) > 0
    by_question = {card.find_class("question")[0].text_content(): card for card in cards}
    for case in wrong:
        card = by_question[case.question.text]
        quotes = [quote.text_content() for quote in card.iter("blockquote")]
        for citation in case.answer.citations:
            assert citation.quote in quotes
            assert f"¶{citation.paragraph}" in card.text_content()
        assert len(quotes) == max(len(case.answer.citations), 1) + len(case.question.places)


def test_arabic_reads_from_right_to_left(page: str) -> None:
    root = html.document_fromstring(page)
    places = root.xpath("//li[blockquote[@lang='ar']]")
    assert places
    assert {place.get("dir") for place in places} == {"rtl"}


def test_mistakes_come_surest_first_and_refusals_last(run: Run) -> None:
    found = [case.outcome for case in mistakes(run.cases)]
    given = [o.confidence for o in found if not o.refused]
    assert given == sorted(given, reverse=True)
    assert [o.refused for o in found] == sorted(o.refused for o in found)


def test_a_baseline_is_compared(run: Run, assistant: Assistant, tmp_path: Path) -> None:
    save(run, tmp_path / "run.json")
    same = load(tmp_path / "run.json")
    worse = [replace(o, rank=0) if o.answerable else o for o in same.outcomes]
    page = render(run, assistant.index.documents, "q", replace(same, outcomes=worse))
    won = measures.recall(run.outcomes).hits
    assert f"Won ({won})" in page
    assert "Lost (0)" in page
    assert "before: no right citation" in page


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
@pytest.mark.parametrize("width", [360, 1280])
def test_no_sideways_scrolling_in_a_browser(page: str, tmp_path: Path, width: int) -> None:
    """A frame of that width around the page tells how wide its content is (beside a scroll bar)."""
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    (tmp_path / "frame.html").write_text(
        f'<iframe src="page.html" style="width:{width}px;height:800px;border:0" onload="'
        'document.title = this.contentDocument.documentElement.scrollWidth"></iframe>',
        encoding="utf-8",
    )
    options = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking".split()
    shown = subprocess.run(
        [
            "chromium",
            *options,
            "--disable-component-update",
            "--disable-sync",
            "--allow-file-access-from-files",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--dump-dom",
            f"file://{tmp_path / 'frame.html'}",
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    assert width - 20 <= int(html.document_fromstring(shown).findtext("head/title") or 0) <= width

"""Permalinks of answers, opened in a real browser: what it highlights is the quote, and nothing else."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from playwright.sync_api import Browser

from assemblybot import Assistant
from assemblybot.answering.answer import Citation
from assemblybot.collection import DEFAULT
from assemblybot.render.links import READER, Permalinks
from tests.conversations.reports import REPORTS, Assistants
from tests.service.reading import served
from tests.service.test_reader_browser import DESKTOP, PHONE, Visit, browser, pytestmark, visiting

__all__ = ["browser", "pytestmark"]
Pixels = npt.NDArray[np.bool_]
MARKED: Final = {"light": (255, 231, 163), "dark": (92, 71, 18)}
#: Finds text in the element with an id: the rectangles of its lines, in pixels of the window.
RECTANGLES: Final = """([id, quote]) => {
  const walker = document.createTreeWalker(document.getElementById(id), NodeFilter.SHOW_TEXT)
  const nodes = []
  let text = ''
  while (walker.nextNode()) {
    nodes.unshift([walker.currentNode, text.length])
    text += walker.currentNode.data
  }
  const place = at => {
    const [node, start] = nodes.find(([_, start]) => start <= at)
    return [node, at - start]
  }
  const range = document.createRange()
  const at = text.indexOf(quote)
  range.setStart(...place(at))
  range.setEnd(...place(at + quote.length))
  return [...range.getClientRects()].map(one => [one.left, one.top, one.right, one.bottom])
}"""


@pytest.fixture(scope="module")
def address(assistants: Assistants) -> Iterator[str]:
    """Where the reader of both collections is served."""
    with served(assistants[DEFAULT], assistants[REPORTS]) as url:
        yield url.removesuffix(READER.lstrip("/"))


def link_of(assistant: Assistant, citation: Citation, address: str) -> str:
    """What follows `address` in its permalink."""
    link = Permalinks(address).into(assistant.index)
    assert link
    return str(link(citation)).removeprefix(address)


def highlighted(visit: Visit, scheme: str) -> Pixels:
    """Which pixels of the window have the colour of a highlight."""
    picture = np.asarray(Image.open(io.BytesIO(visit.page.screenshot())).convert("RGB"))
    found: Pixels = np.all(picture == MARKED[scheme], axis=2)
    return found


def until_highlighted(visit: Visit, scheme: str) -> Pixels:
    """The same, once there are any. A busy browser gives up looking; then the link is opened again."""
    for _ in range(6):
        late = time.monotonic() + 5
        while time.monotonic() < late:
            if (found := highlighted(visit, scheme)).any():
                return found
            visit.page.wait_for_timeout(50)
        address = visit.page.url
        visit.page.goto("about:blank")
        visit.page.goto(address)
    raise AssertionError("nothing is highlighted")


def check(visit: Visit, citation: Citation, scheme: str) -> None:
    """The quote is in view and highlighted, and nothing around it is."""
    found = until_highlighted(visit, scheme)
    height, width = found.shape
    around = found.copy()
    for rectangle in visit.page.evaluate(RECTANGLES, [f"p{citation.paragraph}", citation.quote]):
        left, top, right, bottom = map(round, rectangle)
        assert 0 <= left < right <= width and 0 <= top < bottom <= height
        # Letters cover the rest.
        assert found[top:bottom, left:right].mean() > 0.4, rectangle
        around[top - 3 : bottom + 3, left - 3 : right + 3] = False
    assert not around.any()


@pytest.mark.parametrize(
    "question",
    [
        "كم عدد المندوبين الذين حضروا؟",
        "Qui a présidé la délégation marocaine ?",
        "When did it meet?",
        "List the recommendations.",
    ],
)
@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_the_quote_of_an_answer_is_highlighted(
    browser: Browser, assistant: Assistant, address: str, question: str, size: tuple[int, int], scheme: Any
) -> None:
    (citation, *_) = assistant.answer(question).citations
    with visiting(browser, address, size, color_scheme=scheme) as visit:
        visit.open(link_of(assistant, citation, address))
        check(visit, citation, scheme)
        visit.picture(f"permalink-{citation.paragraph}-{scheme}", full_page=False)


@pytest.mark.parametrize("number", [5, 30, 32, 39])
def test_an_item_is_highlighted_with_its_number(
    browser: Browser, assistant: Assistant, address: str, number: int
) -> None:
    """A number stands beside the text of its item."""
    citation = assistant.passage(f"marrakech-2025#{number}", "en")
    assert citation
    with visiting(browser, address) as visit:
        visit.open(link_of(assistant, citation, address))
        until_highlighted(visit, "light")
        assert visit.page.evaluate("scrollY") > 0


def test_sources_that_differ_are_highlighted_each(
    browser: Browser, assistants: Assistants, address: str
) -> None:
    reports = assistants[REPORTS]
    citations = reports.answer("How much did the footbridge cost?").citations
    assert len(citations) == 2
    for citation in citations:
        with visiting(browser, address) as visit:
            visit.open(link_of(reports, citation, address))
            check(visit, citation, "light")


def test_a_quote_that_is_gone_is_not_highlighted_but_its_passage_is_shown(
    browser: Browser, assistant: Assistant, address: str
) -> None:
    (citation, *_) = assistant.answer("How many delegates came?").citations
    page, _, rest = link_of(assistant, citation, address).partition(":~:text=")
    with visiting(browser, address) as visit:
        visit.open(f"{page}:~:text=never%20written&{rest.partition('&')[2]}")
        visit.until_highlighted("#p12")
        box = visit.page.locator("#p12").bounding_box()
        assert box and 0 <= box["y"] < DESKTOP[1]
        assert not highlighted(visit, "light").any()

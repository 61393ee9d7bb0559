"""The reader in a real browser: to the eye, to assistive technology, and to the network.

Pictures of what was tested are left in `tests/output/reader/`.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from assemblybot import Assistant
from assemblybot.messages import say
from tests.conftest import ROOT
from tests.service.reading import served

CHROMIUM: Final = shutil.which("chromium")
PICTURES: Final = ROOT / "tests" / "output" / "reader"
ARTICLE: Final = "marrakech-2025"
DESKTOP, PHONE = (1280, 900), (390, 844)
# Without these the browser looks for updates and accounts, which a closed network refuses.
_ARGUMENTS: Final = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine"),
]


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    """The reader's first page, answered by the shipped model from the shipped corpus."""
    with served(assistant) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        yield chromium
        chromium.close()


@dataclass
class Visit:
    """One visitor with one screen; `complaints` is what the browser wrote to its console."""

    page: Page
    origin: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str = "") -> None:
        self.page.goto(self.origin + path)

    def ask(self, question: str) -> None:
        """Type into the box at the top and press Enter."""
        self.page.fill("#question", question)
        with self.page.expect_navigation():
            self.page.press("#question", "Enter")

    def picture(self, name: str, *, full_page: bool = True) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=full_page)

    def background(self, selector: str, part: str | None = None) -> str:
        """The colour behind the one element that `selector` finds."""
        script = "([found, part]) => getComputedStyle(document.querySelector(found), part).backgroundColor"
        return str(self.page.evaluate(script, [selector, part]))

    def until_highlighted(self, selector: str) -> None:
        """Wait until a passage is: a page has its address before its style."""
        late = time.monotonic() + 20
        while self.background(selector, "::before") != "rgb(255, 244, 214)":
            assert time.monotonic() < late, selector
            self.page.wait_for_timeout(50)


@contextmanager
def visiting(browser: Browser, origin: str, size: tuple[int, int] = DESKTOP, **how: Any) -> Iterator[Visit]:
    """A fresh visitor, who afterwards must have been nowhere else and have heard no complaint."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **how)
    visit = Visit(context.new_page(), origin)
    visit.page.on("request", lambda request: visit.requests.append(request.url))
    visit.page.on("console", lambda message: visit.complaints.append(message.text))
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    try:
        yield visit
        assert visit.requests
        assert [url for url in visit.requests if not url.startswith(origin)] == []
        assert visit.complaints == []
    finally:
        context.close()


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_accessible_and_within_the_screen(
    browser: Browser, address: str, size: tuple[int, int], scheme: Any, language: str
) -> None:
    name = f"{'phone' if size == PHONE else 'desktop'}-{scheme}-{language}"
    with visiting(browser, address, size, color_scheme=scheme) as visit:
        visit.open(f"?lang={language}")
        check(visit, f"documents-{name}")
        visit.open(f"{ARTICLE}?lang={language}#p12")
        check(visit, f"article-{name}")
        for summary in reversed(visit.page.locator("summary:visible").all()):
            summary.click()
        check(visit, f"article-opened-{name}")
        visit.ask("What were the priorities discussed?" if language == "en" else "ما الأولويات التي نوقشت؟")
        check(visit, f"answer-{name}")
        visit.ask("List the recommendations." if language == "en" else "ما هي توصيات الكاتب؟ اذكرها كلها")
        check(visit, f"list-{name}")
        visit.ask("How do I bake sourdough bread?" if language == "en" else "كيف أطبخ الكسكس؟")
        assert visit.page.locator("blockquote").count() == 0
        check(visit, f"refusal-{name}")


def check(visit: Visit, name: str) -> None:
    """No finding of axe, and nothing that reaches beyond the width of the screen."""
    visit.picture(name)
    found = Axe().run(visit.page).response["violations"]
    assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found] == [], name
    root = "document.documentElement"
    assert visit.page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), name


def test_a_cited_passage_is_in_view_and_highlighted_without_scripts(browser: Browser, address: str) -> None:
    with visiting(browser, address, java_script_enabled=False) as visit:
        visit.open(f"{ARTICLE}?lang=fr#p20")
        box = visit.page.locator("#p20").bounding_box()
        assert box
        assert 0 <= box["y"] < DESKTOP[1] / 2
        visit.until_highlighted("#p20")
        assert visit.background("#p18", "::before") == "rgba(0, 0, 0, 0)"
        visit.page.click("nav a[href='#p28']")
        visit.until_highlighted("#p28")
        assert visit.background("#p20", "::before") == "rgba(0, 0, 0, 0)"


@pytest.mark.parametrize(
    ("language", "question", "interface", "number"),
    [
        ("ar", "كم عدد المندوبين الذين حضروا؟", "ar", 12),
        ("ary", "شحال ديال المندوبين حضرو؟", "ar", 12),
        ("fr", "Combien de délégués étaient présents ?", "fr", 12),
        ("en", "How many delegates came?", "en", 12),
        ("es", "¿Cuántos delegados asistieron?", "es", 12),
    ],
)
def test_answers_in_five_languages_without_scripts(
    browser: Browser, address: str, language: str, question: str, interface: Any, number: int
) -> None:
    with visiting(browser, address, PHONE, java_script_enabled=False) as visit:
        visit.open()
        visit.ask(question)
        assert visit.page.url == address
        answer = visit.page.locator("main section")
        assert visit.page.locator("html").get_attribute("lang") == interface
        assert say(interface, "answered", count=1) in answer.inner_text()
        assert answer.locator("blockquote mark").count() == 1
        assert answer.locator(".translation mark").count() == (0 if interface == "ar" else 1)
        visit.picture(f"asked-{language}")
        answer.locator(".place a").first.click()
        assert visit.page.url == f"{address}{ARTICLE}?translation={interface}#p{number}"
        visit.until_highlighted(f"#p{number}")


def test_a_refusal_offers_questions_that_are_answered(browser: Browser, address: str) -> None:
    with visiting(browser, address, java_script_enabled=False) as visit:
        visit.open("?lang=es")
        visit.ask("¿Cómo se hace el pan de masa madre?")
        assert say("es", "not-in-corpus") in visit.page.locator("main").inner_text()
        offered = visit.page.locator(".suggestions button").first
        question = offered.inner_text()
        offered.click()
        assert visit.page.locator("h1").inner_text() == question
        assert visit.page.locator("blockquote").count() >= 1


def test_a_page_seen_again_keeps_its_style(browser: Browser, address: str) -> None:
    with visiting(browser, address) as visit:
        visit.open(f"{ARTICLE}?lang=en")
        first = visit.background("body")
        visit.page.reload()
        assert visit.background("body") == first


def test_back_from_a_citation_leads_to_the_answer(browser: Browser, address: str) -> None:
    with visiting(browser, address, java_script_enabled=False) as visit:
        visit.open("?lang=en")
        visit.ask("How many delegates came?")
        answer = visit.page.locator("main").inner_text()
        visit.page.locator(".place a").first.click()
        assert ARTICLE in visit.page.url
        visit.page.go_back()
        assert visit.page.locator("main").inner_text() == answer


def test_the_bare_address_leads_to_the_reader(browser: Browser, address: str) -> None:
    with visiting(browser, address.removesuffix("read/")) as visit:
        visit.open()
        assert visit.page.url == address


def test_colours_change_at_once_and_stay(browser: Browser, address: str) -> None:
    with visiting(browser, address, color_scheme="light", java_script_enabled=False) as visit:
        visit.open(f"{ARTICLE}?lang=en")
        light = visit.background("body")
        visit.page.click(".display summary")
        visit.page.select_option("#colours", "dark")
        dark = visit.background("body")
        assert dark != light
        visit.page.select_option("#translation", "fr")
        visit.page.click(".display button")
        assert "colours=dark" in visit.page.url
        assert visit.background("body") == dark
        assert visit.page.locator("#p12 .translation").get_attribute("lang") == "fr"
        visit.page.click(".name")
        assert visit.background("body") == dark


def test_another_language_is_that_of_the_whole_answer(browser: Browser, address: str) -> None:
    with visiting(browser, address, java_script_enabled=False) as visit:
        visit.open()
        visit.ask("How many delegates came?")
        cited = visit.page.locator("blockquote").all_inner_texts()
        assert say("en", "translation-label") in visit.page.locator("main").inner_text()
        for language in ("fr", "ar"):
            visit.page.click(f".languages [value={language}]")
            assert visit.page.locator("html").get_attribute("lang") == language
            assert visit.page.locator("blockquote").all_inner_texts() == cited
            shown = visit.page.locator("main").inner_text()
            assert (say("fr", "translation-label") in shown) is (language == "fr")
            assert say("en", "answered", count=1) not in shown


def test_by_keyboard(browser: Browser, address: str) -> None:
    with visiting(browser, address) as visit:
        visit.open(f"{ARTICLE}?lang=en")
        visit.page.keyboard.press("Tab")
        assert visit.page.locator(".skip").evaluate("link => link === document.activeElement")
        assert visit.page.locator(".skip").bounding_box()["y"] >= 0  # type: ignore[index]
        visit.page.keyboard.press("Enter")
        assert visit.page.evaluate("document.activeElement.id") == "text"


def test_paper_has_the_text_alone(browser: Browser, address: str, tmp_path: Path) -> None:
    with visiting(browser, address) as visit:
        visit.open(f"{ARTICLE}?lang=en")
        visit.page.emulate_media(media="print")
        for hidden in (".top", ".sections", ".bottom"):
            assert not visit.page.locator(hidden).is_visible()
        assert visit.page.locator("#p43 .translation").is_visible()
        visit.picture("paper")

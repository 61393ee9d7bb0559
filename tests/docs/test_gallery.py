"""What the gallery draws is what the bots sent, to the letter."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from lxml import html
from lxml.html import HtmlElement

from assemblybot.messages import say
from assemblybot.text.bidi import strip_bidi
from tests.conftest import ROOT
from tests.conversations.reports import Assistants

sys.path.insert(0, str(ROOT / "docs"))

from gallery import commands, page, reader, slack, telegram, terminal
from gallery.scenes import SCENES, Scene

BY_NAME = {scene.name: scene for scene in SCENES}


def on(platform: str) -> pytest.MarkDecorator:
    """Each scene on that platform."""
    shown = [scene for scene in SCENES if platform in scene.platforms]
    return pytest.mark.parametrize("scene", shown, ids=lambda scene: scene.name)


def words(element: HtmlElement) -> str:
    return "".join(element.text_content().split())


def test_entities_count_in_utf_16_units() -> None:
    text = "👍👍 ab\nquoted 😀 bold"
    kinds = (("bold", 5, 2), ("expandable_blockquote", 8, 14), ("italic", 18, 4))
    entities = [{"type": kind, "offset": offset, "length": length} for kind, offset, length in kinds]
    pairs = list(telegram._lines({"text": text, "entities": entities}))
    assert [quote and quote["type"] for quote, _ in pairs] == [None, "expandable_blockquote"]
    marked = [[(span.get("class"), span.text) for span in line] for _, line in pairs]
    assert marked == [[("is-bold", "ab")], [("is-italic", "bold")]]
    assert [line.text_content() for _, line in pairs] == text.split("\n")


@on("telegram")
def test_telegram_shows_every_letter(assistants: Assistants, scene: Scene) -> None:
    exchanges = telegram.hold(scene, assistants)
    shown = words(telegram.chat(exchanges))
    for turn, (_, sent) in zip(scene.turns, exchanges, strict=True):
        assert "".join((turn.says or turn.file).split()) in shown
        assert (sent is not None) is turn.answered
        if sent:
            assert "".join(sent["text"].split()) in shown
            keys = [key for row in sent.get("reply_markup", {}).get("inline_keyboard", []) for key in row]
            assert all("".join(key["text"].split()) in shown for key in keys)


@on("slack")
def test_slack_shows_every_letter(assistants: Assistants, scene: Scene) -> None:
    exchanges = slack.hold(scene, assistants)
    shown = words(slack.thread(scene, exchanges))
    for turn, posted in exchanges:
        assert "".join((turn.says.removeprefix("/") or turn.file).split()) in shown
        assert (posted is not None) is turn.answered
        for text in texts(posted["blocks"]) if posted else ():
            assert "".join(text.split()) in shown


def texts(value: Any) -> list[str]:
    """Every text that a client shows of blocks: not what stands in the value of a button."""
    if isinstance(value, dict):
        if value.get("type") == "feedback_buttons":
            return []
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [text for key, below in value.items() if key != "value" for text in texts(below)]
    return [text for below in value for text in texts(below)] if isinstance(value, list | tuple) else []


def test_the_reader_is_shown_in_frames_that_let_nothing_out(assistants: Assistants) -> None:
    pages = reader.hold(BY_NAME["darija"], assistants)
    frames = list(reader.windows(pages).iter("iframe"))
    assert len(frames) == len(BY_NAME["darija"].turns)
    for frame, whole in zip(frames, pages, strict=True):
        assert frame.get("sandbox") == ""
        shown = html.document_fromstring(frame.get("srcdoc"))
        assert words(shown.body) == words(html.document_fromstring(whole).body)
        assert shown.find("head/base").get("target") == "_blank"
        assert not shown.xpath("//link")


def test_the_terminal_tells_that_sources_differ(assistants: Assistants) -> None:
    shown = words(terminal.session(terminal.hold(BY_NAME["comparing"], assistants)))
    for language in ("en", "ar"):
        assert "".join(say(language, "answered-differ").split()) in shown


def test_a_curator_sees_a_button_that_adds_and_each_question_that_waits(assistants: Assistants) -> None:
    adding, waiting = (page.standalone(BY_NAME[name], assistants) for name in ("adding", "review"))
    assert adding.count(f">{say('en', 'documents-button-add')}<") == 2
    for turn in BY_NAME["review"].turns:
        assert waiting.count(f"&gt;{turn.says}&lt;/h1&gt;") == 1


def test_a_program_reads_that_sources_differ_and_what_each_of_them_says(assistants: Assistants) -> None:
    shown = terminal.session(commands.hold_api(BY_NAME["programs"], assistants)).text_content()
    said = json.loads(shown[shown.index("{\n") :])
    assert said["sources_differ"] is True
    assert [one["quote"] for one in said["citations"]] == [
        "In the end the Linwood footbridge cost 5.6 million crowns.",
        "The bridge cost 4.2 million crowns.",
    ]


def test_quotes_stand_move_and_go(assistants: Assistants) -> None:
    shown = terminal.session(commands.hold_verify(BY_NAME["verifying"], assistants)).text_content()
    found = [line.partition(":")[0] for line in shown.splitlines() if " verify " not in line]
    assert found == ["stands", "moved", "gone"]


def test_a_decision_at_the_terminal_improves_an_answer(assistants: Assistants) -> None:
    shown = terminal.session(commands.hold_review(BY_NAME["deciding"], assistants)).text_content()
    for turn in BY_NAME["deciding"].turns:
        assert f"? {turn.says}" in shown
    assert f"{say('en', 'review-mended')} (1)" in shown


def test_a_collection_is_chosen(assistants: Assistants) -> None:
    shown = strip_bidi(page.standalone(BY_NAME["collections"], assistants))
    assert shown.count(strip_bidi(say("en", "collection-set", name="reports"))) == 2


def test_a_block_that_cannot_be_drawn_is_named() -> None:
    with pytest.raises(ValueError, match="video"):
        slack._block({"type": "video"})

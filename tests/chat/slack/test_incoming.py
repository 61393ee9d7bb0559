"""Slack's markup as plain words."""

from __future__ import annotations

import pytest

from assemblybot.chat.slack.incoming import plain_words
from assemblybot.chat.slack.links import passage_of, reader_links
from tests.doubles import answers


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<@U0BOT> متى انعقدت؟", "متى انعقدت؟"),
        ("متى <@U0BOT|bot> انعقدت؟", "متى انعقدت؟"),
        ("ask <#C1|general> and <#C2>", "ask general and"),
        ("<!here> when?", "when?"),
        ("<!subteam^S1|@team> when?", "when?"),
        ("see <https://example.org/a?b=1&amp;c=2|the page>", "see the page"),
        ("see <https://example.org>", "see https://example.org"),
        ("<mailto:a@b.org|a@b.org>", "a@b.org"),
        ("R&amp;D &lt;now&gt; &amp;lt;", "R&D <now> &lt;"),
        ("", ""),
        ("a\n\nb", "a b"),
    ],
)
def test_plain_words(text: str, words: str) -> None:
    assert plain_words(text) == words


def test_reader_links_there_and_back() -> None:
    link = reader_links("https://example.org/bot/")
    assert link is not None
    url = link(answers.citation(3, "en"))
    assert url == "https://example.org/bot/read/marrakech-2025/3"
    assert passage_of(str(url), "https://example.org/bot") == "marrakech-2025#3"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.org/bot/read/marrakech-2025/3",
        "http://example.org/bot/read/marrakech-2025/3",
        "https://example.org/bot/read/a/b/3",
        "https://example.org/bot/read/marrakech-2025/x",
        "https://example.org/bot/",
        "nonsense",
    ],
)
def test_other_addresses_are_left_alone(url: str) -> None:
    assert passage_of(url, "https://example.org/bot") is None
    assert passage_of(url, None) is None

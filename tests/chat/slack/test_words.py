"""Slack's markup as plain words."""

from __future__ import annotations

import pytest

from assemblybot.chat.slack.words import plain_words


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
        ("thanks :pray:", "thanks"),
        (":+1::skin-tone-3:", ""),
        (":office_party_2: when is it?", "when is it?"),
        ("at 12:30:45, urn:key:5", "at 12:30:45, urn:key:5"),
    ],
)
def test_plain_words(text: str, words: str) -> None:
    assert plain_words(text) == words

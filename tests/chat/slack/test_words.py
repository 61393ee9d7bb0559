"""Slack's markup as plain words."""

from __future__ import annotations

from typing import Any

import pytest

from assemblybot.chat.slack.words import plain_words, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<@U0BOT> متى انعقدت؟", "متى انعقدت؟"),
        ("متى <@U0BOT|bot> انعقدت؟", "متى انعقدت؟"),
        ("ask <#C1|general> and <#C2>", "ask general and"),
        ("<!here> when?", "when?"),
        ("<!subteam^S1|@team> when?", "when?"),
        ("see <https://example.org/a?b=1&amp;c=2|the page>", "see the page"),
        (
            "what was said on <!date^1763980000^{date_long}|24 November 2025>?",
            "what was said on 24 November 2025?",
        ),
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


def typed(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    """The blocks of what a person types: one paragraph."""
    section = {"type": "rich_text_section", "elements": list(elements)}
    return [{"type": "rich_text", "block_id": "x", "elements": [section]}]


PRAY = {"type": "emoji", "name": "pray", "unicode": "1f64f"}
TONE = {"type": "emoji", "name": "+1", "unicode": "1f44d-1f3fc", "skin_tone": 3}
CUSTOM = {"type": "emoji", "name": "party_parrot"}
WHEN = {"type": "text", "text": "when?"}


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"text": "thanks :pray:", "blocks": typed({"type": "text", "text": "thanks "}, PRAY)}, "thanks 🙏"),
        ({"text": ":+1::skin-tone-3:", "blocks": typed(TONE)}, "👍🏼"),
        ({"text": ":party_parrot:", "blocks": typed(CUSTOM)}, ""),
        ({"text": ":pray:"}, ""),
        (
            {"text": "", "attachments": [{"is_share": True, "text": "when &amp; <@U1> where?"}]},
            "when & where?",
        ),
        ({"text": "<@U0BOT>", "attachments": [{"text": "when?"}, {"text": "who?"}]}, "when? who?"),
        ({"text": "my own words", "attachments": [{"text": "when?"}]}, "my own words"),
        ({"attachments": [{"message_blocks": [{"message": {"blocks": typed(WHEN)}}]}]}, "when?"),
        ({"attachments": [{"blocks": typed(WHEN), "fallback": "[no preview]"}]}, "when?"),
        ({"attachments": [{"title": "The title", "fallback": "other"}]}, "The title"),
        ({"attachments": [{"fallback": "when?"}]}, "when?"),
        (
            {
                "text": "",
                "blocks": [
                    {"type": "header", "text": {"type": "plain_text", "text": "Agenda"}},
                    {"type": "section", "text": {"type": "mrkdwn", "text": "when is it?"}},
                    {"type": "section", "fields": [{"type": "mrkdwn", "text": "one"}]},
                    {"type": "context", "elements": [{"type": "mrkdwn", "text": "two"}]},
                    {"type": "actions", "elements": [{"type": "button", "action_id": "a"}]},
                ],
            },
            "Agenda when is it? one two",
        ),
        (
            {
                "blocks": typed(
                    {"type": "text", "text": "ab", "style": {"bold": True}},
                    {"type": "text", "text": "cd "},
                    {"type": "link", "url": "https://example.org", "text": "the page"},
                    {"type": "link", "url": "https://example.org"},
                    {"type": "user", "user_id": "U1"},
                )
            },
            "abcd the pagehttps://example.org",
        ),
        (
            {
                "blocks": typed(
                    {"type": "text", "text": "who spoke on "},
                    {
                        "type": "date",
                        "timestamp": 1763980000,
                        "format": "{date_long}",
                        "fallback": "24 November",
                    },
                )
            },
            "who spoke on 24 November",
        ),
        ({"blocks": None, "attachments": None}, ""),
        ({"blocks": [{"type": "rich_text", "elements": [None, 3, {"type": "emoji", "unicode": "zz"}]}]}, ""),
        ({"attachments": [None, {"text": 3}]}, ""),
    ],
)
def test_words_of_a_message(message: dict[str, Any], words: str) -> None:
    assert words_of(message) == words

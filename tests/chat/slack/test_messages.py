"""Messages: the whole table of which of them ask the bot, and their plain text."""

from __future__ import annotations

from typing import Any

import pytest

from assemblybot.chat.slack.messages import (
    Trigger,
    identity,
    plain_text,
    thread_of,
    trigger_of,
    without_markup,
)
from tests.doubles.slack_payloads import in_channel, mention, message, typed

TS = "1763980000.000100"


def edited(text: str, before: str, after: float, **fields: Any) -> dict[str, Any]:
    """The event that tells of an edit, `after` seconds after the message."""
    new = {
        "type": "message",
        "user": "U0ASKER",
        "text": text,
        "ts": TS,
        "edited": {"user": "U0ASKER", "ts": f"{float(TS) + after:.6f}"},
    }
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": "C0ROOM",
        "channel_type": "channel",
        "message": {**new, **fields},
        "previous_message": {"type": "message", "user": "U0ASKER", "text": before, "ts": TS},
        "ts": "1763980009.000200",
    }


TABLE: list[tuple[str, dict[str, Any], Trigger | None]] = [
    ("a direct message", message("when?"), Trigger.DIRECT),
    ("a reply in a direct thread", message("and then?", thread_ts=TS), Trigger.DIRECT),
    ("a direct message with a file", message("when?", subtype="file_share"), Trigger.DIRECT),
    ("a file without a word", message("", subtype="file_share", files=[{}]), Trigger.DIRECT),
    ("a forwarded message", message("", attachments=[{"text": "when?"}]), Trigger.DIRECT),
    ("nothing at all", message(""), None),
    ("a file in a thread", in_channel("", thread_ts=TS, files=[{}]), None),
    (
        "a message forwarded to a thread",
        in_channel("", thread_ts=TS, attachments=[{"text": "when?"}]),
        Trigger.THREAD,
    ),
    ("a mention in a direct conversation", mention("when?", channel="D0DIRECT"), Trigger.DIRECT),
    ("a mention", mention("when?"), Trigger.MENTION),
    ("a bare mention", mention(""), Trigger.MENTION),
    ("a mention in a thread", mention("when?", thread_ts=TS), Trigger.MENTION),
    ("the message of a mention", in_channel("<@U0BOT> when?"), Trigger.MENTION),
    (
        "a mention in a private channel",
        in_channel("<@U0BOT> when?", channel_type="group"),
        Trigger.MENTION,
    ),
    (
        "a mention in a group conversation",
        in_channel("hey <@U0BOT>", channel_type="mpim"),
        Trigger.MENTION,
    ),
    ("talk in a channel", in_channel("when?"), None),
    ("talk in a group conversation", in_channel("when?", channel_type="mpim"), None),
    ("a reply in a thread", in_channel("and Morocco?", thread_ts=TS), Trigger.THREAD),
    (
        "a reply in a thread, also sent to the channel",
        in_channel("and then?", thread_ts=TS, subtype="thread_broadcast"),
        Trigger.THREAD,
    ),
    ("a reply in a thread to someone else", in_channel("<@U0OTHER> see this", thread_ts=TS), None),
    (
        "a reply in a thread that names someone later",
        in_channel("and <@U0OTHER>?", thread_ts=TS),
        Trigger.THREAD,
    ),
    ("an empty reply in a thread", in_channel(" ", thread_ts=TS), None),
    ("the message that began a thread", in_channel("x", ts=TS, thread_ts=TS), None),
    ("a mention of another", in_channel("<@U0OTHER> when?"), None),
    ("a mention added within a minute", edited("<@U0BOT> when?", "when?", 20), Trigger.EDITED),
    ("a mention edited within a minute", edited("<@U0BOT> when?", "<@U0BOT> wen?", 60), Trigger.EDITED),
    ("a mention edited later", edited("<@U0BOT> when?", "<@U0BOT> wen?", 61), None),
    ("a preview added to a mention", edited("<@U0BOT> when?", "<@U0BOT> when?", 5), None),
    ("an edit without a mention", edited("when?", "wen?", 5), None),
    ("an edit in a thread without a mention", edited("when?", "wen?", 5, thread_ts="1.0"), None),
    ("an edit by a bot", edited("<@U0BOT> when?", "", 5, bot_id="B0OTHER"), None),
    ("an edit without a time", edited("<@U0BOT> when?", "wen", 5, edited={}), None),
    (
        "an edit with nonsense for a time",
        edited("<@U0BOT> when?", "wen", 5, edited={"ts": "soon"}),
        None,
    ),
    (
        "an edited app_mention in time",
        mention("when?", ts=TS, edited={"ts": f"{float(TS) + 9:.6f}"}),
        Trigger.EDITED,
    ),
    (
        "an edited app_mention, late",
        mention("when?", ts=TS, edited={"ts": f"{float(TS) + 99:.6f}"}),
        None,
    ),
    (
        "an edited direct message",
        {**edited("when?", "wen?", 5), "channel": "D0DIRECT", "channel_type": "im"},
        None,
    ),
    (
        "a deleted message",
        {
            "type": "message",
            "subtype": "message_deleted",
            "hidden": True,
            "channel": "D0DIRECT",
            "channel_type": "im",
            "deleted_ts": TS,
            "previous_message": {"user": "U0ASKER", "text": "x"},
            "ts": TS,
        },
        None,
    ),
    ("a bot", message("when?", bot_id="B0OTHER"), None),
    ("a bot by its profile", message("when?", bot_profile={"id": "B0OTHER"}), None),
    ("a bot that mentions us", mention("when?", bot_id="B0OTHER"), None),
    ("ourselves", message("answer", user="U0BOT"), None),
    ("ourselves in a thread", in_channel("answer", user="U0BOT", thread_ts=TS), None),
    ("Slackbot", message("hi", user="USLACKBOT"), None),
    ("nobody", message("when?", user=None), None),
    ("someone joined", in_channel("<@U0BOT> has joined", subtype="channel_join"), None),
    ("a topic that names us", in_channel("set the topic: <@U0BOT>", subtype="channel_topic"), None),
    ("a bot message by subtype", message("x", subtype="bot_message"), None),
    ("the beginning of an agent thread", message("New thread", subtype="assistant_app_thread"), None),
    ("something hidden", message("x", hidden=True), None),
    ("a text that is no text", {**message("x"), "text": None}, None),
    ("nothing", {}, None),
]


@pytest.mark.parametrize(("event", "trigger"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_trigger_of(event: dict[str, Any], trigger: Trigger | None) -> None:
    assert trigger_of(event, "U0BOT") is trigger


def test_the_identity_of_a_message_is_that_of_its_mention_and_of_its_edits() -> None:
    same = {
        identity("T", mention("when?", ts=TS)),
        identity("T", in_channel("<@U0BOT> when?", ts=TS)),
        identity("T", edited("<@U0BOT> when?", "", 3)),
    }
    assert same == {f"T/C0ROOM/{TS}"}


def test_an_answer_goes_to_the_thread_or_begins_one() -> None:
    assert thread_of("T", in_channel("x", ts=TS)) == ("T", "C0ROOM", TS)
    assert thread_of("T", in_channel("x", thread_ts="1.0")).ts == "1.0"
    assert thread_of("T", edited("x", "y", 1, thread_ts="2.0")).ts == "2.0"


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
        (":+1::skin-tone-3:", "🖼 🖼"),
        (":office_party_2: when is it?", "when is it?"),
        ("at 12:30:45, urn:key:5", "at 12:30:45, urn:key:5"),
    ],
)
def test_without_markup(text: str, words: str) -> None:
    assert without_markup(text) == words


PRAY = {"type": "emoji", "name": "pray", "unicode": "1f64f"}
TONE = {"type": "emoji", "name": "+1", "unicode": "1f44d-1f3fc", "skin_tone": 3}
CUSTOM = {"type": "emoji", "name": "party_parrot"}
WHEN = {"type": "text", "text": "when?"}


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"text": "thanks :pray:", "blocks": typed({"type": "text", "text": "thanks "}, PRAY)}, "thanks 🙏"),
        ({"text": ":+1::skin-tone-3:", "blocks": typed(TONE)}, "👍🏼"),
        ({"text": ":party_parrot:", "blocks": typed(CUSTOM)}, "🖼"),
        ({"text": ":pray:"}, "🖼"),
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
        ({"blocks": [{"type": "rich_text", "elements": [None, 3, {"type": "emoji", "unicode": "zz"}]}]}, "🖼"),
        ({"attachments": [None, {"text": 3}]}, ""),
    ],
)
def test_plain_text(message: dict[str, Any], words: str) -> None:
    assert plain_text(message) == words

"""Which events are questions: the whole table of `should_answer`."""

from __future__ import annotations

from typing import Any

import pytest

from assemblybot.chat.slack.gate import Me, Way, identity, should_answer, thread_of
from tests.doubles.slack_payloads import in_channel, mention, message

ME = Me("U0BOT", "B0BOT")
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


TABLE: list[tuple[str, dict[str, Any], bool, Way | None]] = [
    ("a direct message", message("when?"), False, Way.DIRECT),
    ("a reply in a direct thread", message("and then?", thread_ts=TS), False, Way.DIRECT),
    ("a direct message with a file", message("when?", subtype="file_share"), False, Way.DIRECT),
    ("a file without a word", message("", subtype="file_share", files=[{}]), False, Way.DIRECT),
    ("a forwarded message", message("", attachments=[{"text": "when?"}]), False, Way.DIRECT),
    ("nothing at all", message(""), False, None),
    ("a file in our thread", in_channel("", thread_ts=TS, files=[{}]), True, None),
    (
        "a message forwarded to our thread",
        in_channel("", thread_ts=TS, attachments=[{"text": "when?"}]),
        True,
        Way.THREAD,
    ),
    ("a mention in a direct conversation", mention("when?", channel="D0DIRECT"), False, Way.DIRECT),
    ("a mention", mention("when?"), False, Way.MENTION),
    ("a bare mention", mention(""), False, Way.MENTION),
    ("a mention in a thread", mention("when?", thread_ts=TS), False, Way.MENTION),
    ("the message of a mention", in_channel("<@U0BOT> when?"), False, Way.MENTION),
    (
        "a mention in a private channel",
        in_channel("<@U0BOT> when?", channel_type="group"),
        False,
        Way.MENTION,
    ),
    (
        "a mention in a group conversation",
        in_channel("hey <@U0BOT>", channel_type="mpim"),
        False,
        Way.MENTION,
    ),
    ("talk in a channel", in_channel("when?"), False, None),
    ("talk in a group conversation", in_channel("when?", channel_type="mpim"), False, None),
    ("talk in a channel, in_our_thread for no thread", in_channel("when?"), True, None),
    ("a reply in a thread of others", in_channel("when?", thread_ts=TS), False, None),
    ("a reply in our thread", in_channel("and Morocco?", thread_ts=TS), True, Way.THREAD),
    (
        "a reply in our thread, also sent to the channel",
        in_channel("and then?", thread_ts=TS, subtype="thread_broadcast"),
        True,
        Way.THREAD,
    ),
    ("a reply in our thread to someone else", in_channel("<@U0OTHER> see this", thread_ts=TS), True, None),
    (
        "a reply in our thread that names someone later",
        in_channel("and <@U0OTHER>?", thread_ts=TS),
        True,
        Way.THREAD,
    ),
    ("an empty reply in our thread", in_channel(" ", thread_ts=TS), True, None),
    ("the message that began our thread", in_channel("x", ts=TS, thread_ts=TS), True, None),
    ("a mention of another", in_channel("<@U0OTHER> when?"), False, None),
    ("a mention added within a minute", edited("<@U0BOT> when?", "when?", 20), False, Way.EDITED),
    ("a mention edited within a minute", edited("<@U0BOT> when?", "<@U0BOT> wen?", 60), False, Way.EDITED),
    ("a mention edited later", edited("<@U0BOT> when?", "<@U0BOT> wen?", 61), False, None),
    ("a preview added to a mention", edited("<@U0BOT> when?", "<@U0BOT> when?", 5), False, None),
    ("an edit without a mention", edited("when?", "wen?", 5), False, None),
    ("an edit in our thread without a mention", edited("when?", "wen?", 5, thread_ts="1.0"), True, None),
    ("an edit by a bot", edited("<@U0BOT> when?", "", 5, bot_id="B0OTHER"), False, None),
    ("an edit without a time", edited("<@U0BOT> when?", "wen", 5, edited={}), False, None),
    (
        "an edit with nonsense for a time",
        edited("<@U0BOT> when?", "wen", 5, edited={"ts": "soon"}),
        False,
        None,
    ),
    (
        "an edited app_mention in time",
        mention("when?", ts=TS, edited={"ts": f"{float(TS) + 9:.6f}"}),
        False,
        Way.EDITED,
    ),
    (
        "an edited app_mention, late",
        mention("when?", ts=TS, edited={"ts": f"{float(TS) + 99:.6f}"}),
        False,
        None,
    ),
    (
        "an edited direct message",
        {**edited("when?", "wen?", 5), "channel": "D0DIRECT", "channel_type": "im"},
        False,
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
        False,
        None,
    ),
    ("a bot", message("when?", bot_id="B0OTHER"), False, None),
    ("a bot by its profile", message("when?", bot_profile={"id": "B0OTHER"}), False, None),
    ("a bot that mentions us", mention("when?", bot_id="B0OTHER"), False, None),
    ("ourselves", message("answer", user="U0BOT"), False, None),
    ("ourselves in our thread", in_channel("answer", user="U0BOT", thread_ts=TS), True, None),
    ("Slackbot", message("hi", user="USLACKBOT"), False, None),
    ("nobody", message("when?", user=None), False, None),
    ("someone joined", in_channel("<@U0BOT> has joined", subtype="channel_join"), False, None),
    ("a topic that names us", in_channel("set the topic: <@U0BOT>", subtype="channel_topic"), False, None),
    ("a bot message by subtype", message("x", subtype="bot_message"), False, None),
    ("the beginning of an agent thread", message("New thread", subtype="assistant_app_thread"), False, None),
    ("something hidden", message("x", hidden=True), False, None),
    ("a text that is no text", {**message("x"), "text": None}, False, None),
    ("another event", {"type": "reaction_added", "user": "U0ASKER"}, False, None),
    ("nothing", {}, False, None),
]


@pytest.mark.parametrize(("event", "ours", "way"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_should_answer(event: dict[str, Any], ours: bool, way: Way | None) -> None:
    assert should_answer(event, ME, in_our_thread=ours) is way


def test_the_identity_of_a_message_is_that_of_its_mention_and_of_its_edits() -> None:
    same = {
        identity("T", mention("when?", ts=TS)),
        identity("T", in_channel("<@U0BOT> when?", ts=TS)),
        identity("T", edited("<@U0BOT> when?", "", 3)),
    }
    assert same == {f"T/C0ROOM/{TS}"}


def test_an_answer_goes_to_the_thread_or_begins_one() -> None:
    assert thread_of(in_channel("x", ts=TS)) == TS
    assert thread_of(in_channel("x", thread_ts="1.0")) == "1.0"
    assert thread_of(edited("x", "y", 1, thread_ts="2.0")) == "2.0"

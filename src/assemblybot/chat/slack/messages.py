"""Messages as Slack sends them: which of them ask the bot a question, and what they say in plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

#: A message, or the event that tells of one.
Event = Mapping[str, Any]

#: An edit later than this is not a question any more, in seconds.
_EDIT_WINDOW: Final = 60.0
# A message with a file or one copied to the channel may be a question; every other subtype is something
# that Slack or an app did.
_SUBTYPES: Final = frozenset({None, "file_share", "thread_broadcast"})
_TOKEN: Final = re.compile(r"<([^<>]*)>")
_CHANNEL: Final = re.compile(r"<#(\w+)\|([^<>]+)>")
# In text, Slack writes an emoji by its name, with the skin tone as a name of its own.
_EMOJI: Final = re.compile(r"(?<!\w):((?:[+-]1|(?=[^:\s]*[a-z])[a-z0-9_+'-]+)):(?!\w)")
# Stands for an emoji of which no characters are known.
_PICTURE: Final = "\N{FRAME WITH PICTURE}"
# What Slack says of an attachment that has no words.
_NO_PREVIEW: Final = "[no preview available]"
_ENTITIES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_TEXT_OBJECTS: Final = ("plain_text", "mrkdwn", "markdown", "raw_text")
_INLINE: Final = ("text", "emoji", "link", "date", "channel")


class Thread(NamedTuple):
    """A thread by the time of its first message; without one, the whole channel."""

    team: str
    channel: str
    ts: str = ""


class Trigger(StrEnum):
    """How a message asks the bot."""

    MENTION = "mention"
    DIRECT = "direct"
    #: A reply without a mention; it is a question only where the bot follows the thread.
    THREAD = "thread"
    EDITED = "edited"


def trigger_of(event: Event, bot_user: str) -> Trigger | None:
    """How the message of `event` asks the bot; `None` when it does not.

    Messages of bots and of Slack itself never do. An edit does only when it mentions the bot and comes
    within a minute.
    """
    message = message_of(event)
    text = _text(message.get("text"))
    if not _is_by_a_person(message, bot_user) or message.get("subtype") not in _SUBTYPES:
        return None
    mentioned = event.get("type") == "app_mention" or f"<@{bot_user}>" in text
    if event.get("subtype") == "message_changed" or "edited" in message:
        return Trigger.EDITED if mentioned and _is_edited_in_time(event, message) else None
    if event.get("subtype") not in _SUBTYPES or event.get("hidden"):
        return None
    if event.get("channel_type") == "im" or is_direct(str(event.get("channel", ""))):
        return Trigger.DIRECT if text.strip() or plain_text(message) or message.get("files") else None
    if mentioned:
        return Trigger.MENTION
    in_thread = message.get("thread_ts") not in (None, message.get("ts"))
    to_another = text.lstrip().startswith("<@")
    return Trigger.THREAD if in_thread and not to_another and plain_text(message) else None


def message_of(event: Event) -> Event:
    """The message that an event tells of: the event itself or, for an edit, the edited message."""
    changed = event.get("message")
    return changed if event.get("subtype") == "message_changed" and isinstance(changed, Mapping) else event


def is_direct(channel: str) -> bool:
    """Whether the id of a channel is that of a direct conversation."""
    return channel.startswith("D")


def thread_of(team: str, event: Event) -> Thread:
    """The thread to answer in: that of the message, or the one that the message begins."""
    message = message_of(event)
    return Thread(team, event["channel"], message.get("thread_ts") or message.get("ts") or "")


def identity(team: str, event: Event) -> str:
    """Names the message, the same for each event that tells of it and for its edits."""
    return f"{team}/{event.get('channel', '')}/{message_of(event).get('ts', '')}"


def _is_by_a_person(message: Event, bot_user: str) -> bool:
    user = message.get("user")
    is_bot = bool(message.get("bot_id") or message.get("bot_profile"))
    return not is_bot and user not in (None, "", bot_user, "USLACKBOT")


def _is_edited_in_time(event: Event, message: Event) -> bool:
    """True for an edit by its author that changes the words, soon after the message."""
    before = event.get("previous_message")
    if isinstance(before, Mapping) and _text(before.get("text")) == _text(message.get("text")):
        return False
    try:
        return 0 <= float(message["edited"]["ts"]) - float(message["ts"]) <= _EDIT_WINDOW
    except (KeyError, TypeError, ValueError):
        return False


def plain_text(message: Event) -> str:
    """What a message says, or asks the bot to look at.

    Its own words or, where it has none, those of what it forwards, which Slack keeps as attachments.
    People see its blocks. Its text may say less, or only that there are blocks.
    """
    text, blocks = _text(message.get("text")), message.get("blocks")
    own = _in_blocks(blocks, text) or without_markup(text)
    if any(char.isalnum() for char in own):
        return own
    return " ".join(filter(None, map(_in_attachment, message.get("attachments") or ()))) or own


def without_markup(text: str) -> str:
    """`text` without Slack's markup: no mentions, channels and links by their names, no names of emoji."""
    text = _TOKEN.sub(lambda token: _label(token.group(1)) or " ", text)
    text = _EMOJI.sub(f" {_PICTURE} ", text)
    for entity, char in _ENTITIES:
        text = text.replace(entity, char)
    return _said(text)


def _label(token: str) -> str:
    target, _, label = token.partition("|")
    if target.startswith(("!date^", "#")):
        return label
    if target.startswith(("@", "!")):
        return ""
    return label or target.removeprefix("mailto:")


def _said(text: str) -> str:
    """`text` on one line; emoji without characters are left out, unless nothing else is said."""
    return " ".join(text.replace(_PICTURE, " ").split()) or " ".join(text.split())


def _in_attachment(attachment: object) -> str:
    """The text of a forwarded message, or of what an app shows beside its text."""
    if not isinstance(attachment, Mapping):
        return ""
    text = _text(attachment.get("text"))
    return (
        _in_blocks(attachment.get("message_blocks"), text)
        or _in_blocks(attachment.get("blocks"), text)
        or without_markup(text)
        or without_markup(_text(attachment.get("title")))
        or without_markup(_text(attachment.get("fallback")).removeprefix(_NO_PREVIEW))
    )


def _in_blocks(blocks: object, text: str) -> str:
    """What is read in blocks; the `text` beside them gives the names of channels."""
    names = dict(_CHANNEL.findall(text))
    return _said(" ".join(_paragraph(block, names) for block in _walk(blocks)))


def _paragraph(block: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The text of a text object, or of inline elements; empty for whatever holds these further below.

    Inline elements are joined as they are: a word may be in bold up to its middle.
    """
    if block.get("type") in _TEXT_OBJECTS:
        return without_markup(_text(block.get("text")))
    elements = block.get("elements")
    inline = [e for e in elements if isinstance(e, Mapping)] if isinstance(elements, list) else []
    if not any(element.get("type") in _INLINE for element in inline):
        return ""
    return "".join(_inline_text(element, names) for element in inline)


def _inline_text(element: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """What is read of an inline element; nothing of a mention."""
    match element.get("type"):
        case "text":
            return _text(element.get("text"))
        case "emoji":
            return f" {_characters(element)} "
        case "link":
            return _text(element.get("text")) or _text(element.get("url")).removeprefix("mailto:")
        case "date":
            return _text(element.get("fallback")) or _day(element.get("timestamp"))
        case "channel":
            return names.get(_text(element.get("channel_id")), "")
        case _:
            return ""


def _characters(emoji: Mapping[str, Any]) -> str:
    """An emoji from the code points that Slack gives of it; a workspace's own has none."""
    try:
        return "".join(chr(int(point, 16)) for point in _text(emoji.get("unicode")).split("-"))
    except (ValueError, OverflowError):
        return _PICTURE


def _day(timestamp: object) -> str:
    """The day of a date that Slack gives no words for."""
    try:
        return datetime.fromtimestamp(float(str(timestamp)), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def _walk(value: object) -> Iterator[Mapping[str, Any]]:
    """Every object in blocks, in the order of reading, but for buttons and menus."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping) and "action_id" not in item:
            yield item
            waiting.extend(reversed(list(item.values())))
        elif isinstance(item, list):
            waiting.extend(reversed(item))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""

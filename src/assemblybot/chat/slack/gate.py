"""Which events are questions for the bot: one pure function, and the identity of a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from assemblybot.chat.slack.words import words_of

Event = Mapping[str, Any]

#: An edit later than this is not a question any more, in seconds.
EDIT_WINDOW: Final = 60.0
# A file or a copy to the channel does not make a text less of a question; every other
# subtype is something Slack or an app did.
_SPOKEN: Final = frozenset({None, "file_share", "thread_broadcast"})


class Way(StrEnum):
    """How a question reached the bot."""

    MENTION = "mention"
    DIRECT = "direct"
    THREAD = "thread"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Me:
    """The bot as Slack knows it in one workspace."""

    user: str
    bot: str | None = None


def should_answer(event: Event, me: Me, *, in_our_thread: bool = False) -> Way | None:
    """How `event` asks the bot a question, or `None` when it does not.

    `in_our_thread` says that the bot was mentioned in the thread before. Events of bots, of
    Slack itself and of the bot are never questions; an edit is one only when it mentions the
    bot and comes within a minute.
    """
    kind = event.get("type")
    if kind not in ("message", "app_mention"):
        return None
    message = said(event)
    if not _by_a_person(message, me) or message.get("subtype") not in _SPOKEN:
        return None
    mentioned = kind == "app_mention" or f"<@{me.user}>" in _text(message)
    if event.get("subtype") == "message_changed" or "edited" in message:
        return Way.EDITED if mentioned and _edited_in_time(event, message) else None
    if event.get("subtype") not in _SPOKEN or event.get("hidden"):
        return None
    if event.get("channel_type") == "im" or is_direct(str(event.get("channel", ""))):
        return Way.DIRECT if _text(message).strip() or words_of(message) or has_files(message) else None
    if mentioned:
        return Way.MENTION
    in_thread = message.get("thread_ts") not in (None, message.get("ts"))
    to_another = _text(message).lstrip().startswith("<@")
    return Way.THREAD if in_thread and in_our_thread and not to_another and words_of(message) else None


def said(event: Event) -> Event:
    """The message an event is about: its own fields, or for an edit those of the edited one."""
    changed = event.get("message")
    return changed if event.get("subtype") == "message_changed" and isinstance(changed, Mapping) else event


def is_direct(channel: str) -> bool:
    """Whether a channel, by its id, is a direct conversation."""
    return channel.startswith("D")


def has_files(message: Event) -> bool:
    """Whether a message carries files, voice clips among them."""
    return bool(message.get("files"))


def thread_of(event: Event) -> str:
    """The thread to answer in: that of the message, or one that it begins."""
    message = said(event)
    return str(message.get("thread_ts") or message.get("ts") or "")


def identity(team: str, event: Event) -> str:
    """The message, whatever event tells of it; its edits have the same identity."""
    return f"{team}/{event.get('channel', '')}/{said(event).get('ts', '')}"


def _by_a_person(message: Event, me: Me) -> bool:
    user = message.get("user")
    robot = any(message.get(key) for key in ("bot_id", "bot_profile"))
    return bool(user) and not robot and user not in (me.user, "USLACKBOT")


def _edited_in_time(event: Event, message: Event) -> bool:
    """True for an edit by its author that changes the words, soon after the message."""
    before = event.get("previous_message")
    if isinstance(before, Mapping) and _text(before) == _text(message):
        return False
    try:
        edited = float(message.get("edited", {}).get("ts", 0))
        return 0 <= edited - float(message["ts"]) <= EDIT_WINDOW
    except (KeyError, TypeError, ValueError, AttributeError):
        return False


def _text(message: Event) -> str:
    text = message.get("text")
    return text if isinstance(text, str) else ""

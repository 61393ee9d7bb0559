"""Updates as Telegram sends them, built from the few things a test cares about."""

from __future__ import annotations

import itertools
import time
from typing import Any, Final

BOT_ID, BOT_NAME = 123456789, "assembly_test_bot"
BOT = {"id": BOT_ID, "is_bot": True, "first_name": "Assembly", "username": BOT_NAME}
GROUP = -1001234567890
_numbers = itertools.count(1000)

Json = dict[str, Any]
_RIGHTS: Final = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


def person(number: int = 7, language: str | None = "en") -> Json:
    """A user of Telegram."""
    user: Json = {"id": number, "is_bot": False, "first_name": f"Person {number}"}
    return user | ({"language_code": language} if language else {})


def member(user: int, status: str) -> Json:
    """Somebody in a chat; an administrator has rights beside."""
    found: Json = {"user": {"id": user, "is_bot": False, "first_name": "P"}, "status": status}
    if status == "administrator":
        found |= dict.fromkeys(_RIGHTS, False)
    return found


def private(number: int = 7) -> Json:
    """The private chat with that user."""
    return {"id": number, "type": "private", "first_name": f"Person {number}"}


def group(number: int = GROUP) -> Json:
    """A group the bot is in."""
    return {"id": number, "type": "supergroup", "title": "Delegates"}


def message(
    text: str | None, *, user: Json | None = None, chat: Json | None = None, age: float = 0, **more: Any
) -> Json:
    """A message; commands and mentions in it get their entities."""
    user = user or person()
    made: Json = {
        "message_id": next(_numbers),
        "date": int(time.time() - age),
        "chat": chat or private(user["id"]),
        "from": user,
    }
    if text is not None:
        made |= {"text": text, "entities": _entities(text)}
    return made | more


def rich(*blocks: Json | str, **more: Any) -> Json:
    """An update with a rich message; a string is a paragraph."""
    paragraphs = (one if isinstance(one, dict) else {"type": "paragraph", "text": one} for one in blocks)
    return said(None, rich_message={"blocks": list(paragraphs)}, **more)


def anonymous(chat: Json) -> Json:
    """The sender of what an anonymous administrator of a group writes."""
    bot = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    return {"user": bot, "chat": chat, "sender_chat": chat}


def said(text: str | None, **more: Any) -> Json:
    """An update with a new message."""
    return {"message": message(text, **more)}


def sent_file(name: str | None, file_id: str = "file", size: int | None = None, **more: Any) -> Json:
    """An update with a document, as it comes with a private message."""
    document: Json = {"file_id": file_id, "file_unique_id": file_id}
    document |= {"file_name": name} if name else {}
    document |= {"file_size": size} if size is not None else {}
    return said(None, document=document, **more)


def summoned(text: str, **more: Any) -> Json:
    """An update in which the bot is summoned as a guest, by a mention where it is no member."""
    return {"guest_message": message(text, guest_query_id=str(next(_numbers)), **more)}


def edited(original: Json, text: str, age: float = 0) -> Json:
    """An update in which a message sent before has another text."""
    changed = {"text": text, "entities": _entities(text), "edit_date": int(time.time() - age)}
    return {"edited_message": original | changed}


def pressed(button_message: Json, data: str, user: Json | None = None) -> Json:
    """An update in which a button is pressed."""
    return {
        "callback_query": {
            "id": str(next(_numbers)),
            "from": user or person(),
            "chat_instance": "1",
            "data": data,
            "message": button_message,
        }
    }


def typed(text: str, user: Json | None = None) -> Json:
    """An update in which someone types after the bot's name in any chat."""
    return {
        "inline_query": {"id": str(next(_numbers)), "from": user or person(), "query": text, "offset": ""}
    }


def reacted(chat: Json, message_id: int, *emoji: str, user: Json | None = None) -> Json:
    """An update in which a user's reactions to a message are now `emoji`."""
    return {
        "message_reaction": {
            "chat": chat,
            "message_id": message_id,
            "user": user or person(),
            "date": int(time.time()),
            "old_reaction": [],
            "new_reaction": [{"type": "emoji", "emoji": one} for one in emoji],
        }
    }


def blocked(user: Json | None = None) -> Json:
    """An update in which a user blocks the bot."""
    user = user or person()
    return {
        "my_chat_member": {
            "chat": private(user["id"]),
            "from": user,
            "date": int(time.time()),
            "old_chat_member": {"user": BOT, "status": "member"},
            "new_chat_member": {"user": BOT, "status": "kicked", "until_date": 0},
        }
    }


def _entities(text: str) -> list[Json]:
    found: list[Json] = []
    offset = 0
    for word in text.split(" "):
        length = len(word.encode("utf-16-le")) // 2
        if word.startswith("/") and offset == 0:
            found.append({"type": "bot_command", "offset": offset, "length": length})
        elif word.startswith("@"):
            found.append({"type": "mention", "offset": offset, "length": length})
        offset += length + 1
    return found

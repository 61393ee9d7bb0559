"""The words that end unmentioned answers in a thread or channel, and those that bring them back."""

from __future__ import annotations

from typing import Final

from assemblybot.render.slack_text import spoken
from assemblybot.text.language import InterfaceLanguage

COMMAND: Final = "/assembly"
#: How the bot is called where Slack takes no commands: in threads.
MENTION: Final = "@assemblybot"
#: What brings the bot into a channel.
INVITE: Final = f"/invite {MENTION}"
_ON: Final = "quiet"
_OFF: Final = "quiet off"


def choice(words: str) -> bool | None:
    """Whether words ask for quiet or take it back; `None` for other words."""
    return {_ON: True, _OFF: False}.get(words.lower())


def confirmation(language: InterfaceLanguage, *, on: bool, by: str = COMMAND) -> str:
    """What is said when that was chosen; `by` stands before the words that take it back."""
    return spoken(language, "slack-quiet" if on else "slack-quiet-off", command=f"{by} {_OFF}")

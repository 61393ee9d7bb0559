"""What people type in Slack, as plain words: markup resolved, entities decoded."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"<([^<>]*)>")
# Slack sends an emoji by its name, with the skin tone as a name of its own.
_EMOJI = re.compile(r"(?<!\w):(?:[+-]1|(?=[^:\s]*[a-z])[a-z0-9_+'-]+):(?!\w)")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def plain_words(text: str) -> str:
    """`text` without Slack's markup: mentions and emoji gone, channels and links by their names."""
    words = _TOKEN.sub(lambda token: f" {_spoken(token.group(1))} ", text)
    words = _EMOJI.sub(" ", words)
    for entity, char in _ENTITIES:
        words = words.replace(entity, char)
    return " ".join(words.split())


def _spoken(token: str) -> str:
    target, _, label = token.partition("|")
    if target.startswith(("@", "!")):
        return ""
    if target.startswith("#"):
        return label
    return label or target.removeprefix("mailto:")

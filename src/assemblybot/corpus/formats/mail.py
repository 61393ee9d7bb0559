"""The head of a letter or e-mail that was saved as text: who wrote it, when, and on what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Final, NamedTuple

from assemblybot.corpus.formats.lines import Line
from assemblybot.corpus.formats.metadata import sender, stated_day
from assemblybot.text.arabic import fold

_FIELD = re.compile(r"(?P<name>[^\W\d][\w -]{0,40}?) ?: *(?P<value>\S.*)", re.DOTALL)
_FROM: Final = frozenset(fold("from|de|expéditeur|remitente|من|المرسل").split("|"))
_DATE: Final = frozenset(
    fold("date|sent|envoyé|fecha|enviado|enviado el|التاريخ|تاريخ الإرسال|أرسل").split("|")
)
_SUBJECT: Final = frozenset(fold("subject|objet|sujet|asunto|الموضوع").split("|"))
#: What only programs read.
_TECHNICAL = re.compile(
    r"(?:message-id|mime-version|content|x|received|return-path|delivered-to|dkim|arc|authentication|references"
    r"|in-reply-to|user-agent|list|thread|importance|priority|precedence|errors-to|envelope|feedback-id|spf)\b"
)


class Head(NamedTuple):
    """`length` is the number of its lines; those at `technical` are for programs."""

    length: int = 0
    title: str | None = None
    author: str | None = None
    day: str | None = None
    technical: frozenset[int] = frozenset()


def head_of(lines: Sequence[Line]) -> Head:
    """The head that a text begins with; empty where it is no letter."""
    top = [*lines[:1], *takewhile(lambda line: not line.gap, lines[1:])]
    found = [_FIELD.fullmatch(line.text) for line in top]
    fields = [(fold(field["name"]).strip(), field["value"]) for field in found if field]
    said = dict(reversed(fields))
    author, day, title = (
        next((said[name] for name in said if name in names), None) for names in (_FROM, _DATE, _SUBJECT)
    )
    if len(fields) < len(top) or not author or not title:
        return Head()
    technical = {at for at, (name, _) in enumerate(fields) if _TECHNICAL.match(name)}
    title = " ".join(title.split())
    return Head(len(top), title, sender(" ".join(author.split())), stated_day(day), frozenset(technical))

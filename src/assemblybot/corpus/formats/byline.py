"""Lines near the top of a text that name its author: “By Ana Torres”, «بقلم: …»."""

from __future__ import annotations

import re
from typing import Final

from assemblybot.corpus.formats.metadata import stated_author
from assemblybot.corpus.structure import ENDS_SENTENCE, is_short

#: A byline is one of so many first blocks.
BYLINE_WITHIN: Final = 4
_BYLINE = re.compile(
    r"(?:بقلم|كتبه|كتبته|كتب|إعداد|تحرير|by|written by|par|por|escrito por)\s*:?\s+(?=\S)", re.IGNORECASE
)


def is_byline(line: str) -> bool:
    """Whether one of the first lines of a plain text reads as a byline."""
    return is_short(line) and _BYLINE.match(line) is not None


def author_of(block: str) -> str | None:
    """The author that a byline names, up to a date or place behind the name; `None` for other text."""
    if not is_byline(block) or block.endswith(ENDS_SENTENCE):
        return None
    name = _BYLINE.sub("", block, count=1)
    return None if name[0].islower() else stated_author(re.split(r"[,،|(\d]| [-–—] ", name)[0])

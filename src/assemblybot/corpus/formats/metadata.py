"""What files state of themselves besides their text: their title, their author and their day."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from email.utils import parseaddr, parsedate_to_datetime
from typing import Final

from assemblybot.text.values import dates

# No names of people: what systems call their users, what tools and makers of computers fill in.
_NOBODY = re.compile(
    r"\W*(?:admin\w*|root|(?:\w+ )*user|utilisateur(?: \w+)?|usuario(?: de \w+)?|owner|propri[ée]taire"
    r"|propietario|webmaster|unknown(?: author)?|anonymous|author|editor|none|null"
    r"|pc|hp|acer|asus|dell|lenovo|toshiba"
    r"|(?:python-docx|microsoft|libreoffice|openoffice|apache poi|pandoc|latex|canva)\b.*)?\W*|https?:.*",
    re.IGNORECASE,
)
_ISO_DAY = re.compile(r"(?:1[5-9]|2\d)\d\d-\d\d-\d\d(?!\d)")
_LONGEST_AUTHOR: Final = 120
_NO_TITLE = re.compile(r"\.\w{2,4}$|^\W*(?:anonymous|untitled|unspecified|sans titre|بدون عنوان)\W*$", re.I)


def stated_title(stated: str) -> str | None:
    """The title that a file states of itself, unless that is the name of a file or stands for none."""
    title = " ".join(stated.split())
    return title if any(map(str.isalpha, title)) and not _NO_TITLE.search(title) else None


def stated_author(*stated: str | None) -> str | None:
    """The first of several names that is one of a person or an office, on one line."""
    names = (" ".join((text or "").split()).strip("\"'") for text in stated)
    return next((n for n in names if not _NOBODY.fullmatch(n) and len(n) <= _LONGEST_AUTHOR), None)


def sender(stated: str) -> str | None:
    """The name in the `From:` of a letter, or the address where it has no name."""
    name, address = parseaddr(stated)
    return stated_author(name, stated if "<" not in stated else address)


def stated_day(*stated: str | None) -> str | None:
    """The first of several texts that is, or begins with, one day; as ISO 8601 writes it."""
    return next((day for text in stated if text for day in _days(text)), None)


def _days(text: str) -> Iterable[str]:
    if iso := _ISO_DAY.match(text.strip("\"' \n")):
        with suppress(ValueError):
            yield date.fromisoformat(iso.group()).isoformat()
    with suppress(ValueError):
        yield parsedate_to_datetime(text).date().isoformat()
    whole = [found for found in dates(text) if found.year and found.month and found.day]
    for found in whole if len(whole) == 1 else ():
        with suppress(ValueError):
            yield date(found.year or 0, found.month or 0, found.day or 0).isoformat()

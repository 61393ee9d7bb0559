"""Numbers, dates and names in a few words of text, in five languages, so that two texts can be compared.

They are compared as values, whatever digits, separators and months they are written in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import product
from typing import Final, NamedTuple

from assemblybot.text.arabic import arabic_share, fold, is_arabic

_MONTHS: Final = (
    "january janvier enero يناير جانفي",
    "february fevrier febrero فبراير فيفري",
    "march mars marzo مارس",
    "april avril abril ابريل افريل",
    "may mai mayo ماي مايو",
    "june juin junio يونيو يونيه جوان",
    "july juillet julio يوليو يوليوز يوليه جويليه",
    "august aout agosto اغسطس غشت اوت",
    "september septembre septiembre setiembre سبتمبر شتنبر",
    "october octobre octubre اكتوبر",
    "november novembre noviembre نوفمبر نونبر",
    "december decembre diciembre ديسمبر دجنبر",
)
_MONTH: Final = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_NAMES: Final = "|".join(sorted(_MONTH, key=len, reverse=True))
_ORDINAL: Final = r"(?:st|nd|rd|th|er|o|º|ª)?"
# “24 to 27 November 2025”, “le 1er mai”, “3 de mayo de 2021”; and “May 3, 2021”.
_DAY_FIRST: Final = re.compile(
    rf"(?:(?<!\d)(?:(?P<first>\d{{1,2}}){_ORDINAL}\s*(?:-|–|to|and|au|et|al|a|y|الي|و)\s*)?"
    rf"(?P<day>\d{{1,2}}){_ORDINAL}\s+(?:of |de |من )?)?(?<!\w)(?:و|ب|في)?(?P<month>{_NAMES})(?!\w)"
    rf"(?:\s+(?:of |de |del |سنه |عام )?(?P<year>\d{{4}})(?!\d))?"
)
_MONTH_FIRST: Final = re.compile(
    rf"(?<!\w)(?P<month>{_NAMES})\s+(?P<day>\d{{1,2}}){_ORDINAL}(?!\d)(?:,?\s+(?P<year>\d{{4}})(?!\d))?"
)
_ISO: Final = re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)")
_YEAR: Final = re.compile(r"(?<![\d.,])(?P<year>1[0-9]{3}|20[0-9]{2})(?![\d.,]\d|\d)")
# Groups of three digits are thousands, whatever stands between them.
_NUMBER: Final = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:([ .,٬'\u2009])\d{3})(?:\2\d{3})*(?!\d)|\d+)(?:[.,٫](\d+))?(?:\s+([^\W\d_]+))?"
)
# Digits that stand for letters in Arabizi are no numbers; an ordinal's ending or a unit may follow.
# A longer run of digits is no number that a question would repeat.
_WHOLE: Final = re.compile(
    r"(?<![a-zà-ÿ\d])(\d{1,12})(?:st|nd|rd|th|er?|[eè]re|[eè]me|[oaºª]|h|min|km|m)?(?![a-zà-ÿ\d])",
    re.IGNORECASE,
)
# Letters and a number that name one thing of a series; “m2” is a unit.
_CODE: Final = re.compile(
    r"(?<![^\W_])(?![kcdm]?m[23](?![^\W_]))([a-z]{1,3})-?(\d{1,4})(?![^\W_])", re.IGNORECASE
)
_MAGNITUDES: Final = {
    **dict.fromkeys(("thousand", "mille", "mil", "الف", "الاف"), 10**3),
    **dict.fromkeys(("million", "millions", "millon", "millones", "مليون", "ملايين"), 10**6),
    **dict.fromkeys(("billion", "billions", "milliard", "milliards", "مليار", "مليارات"), 10**9),
}
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
# Clitics and the article, which Arabic writes joined to a word.
_ARTICLE: Final = re.compile(r"^(?:وال|بال|لل|ال|و|ب|ل)(?=\w{3})")
# Words that stand before names and are no part of them.
_TITLES: Final = frozenset(
    "the mr mrs ms dr prof le la les el los las un une mme mlle sr sra don dona engineer director"
    " سيد سيده دكتور دكتوره استاذ استاذه مهندس مهندسه مدير مديره رييس رييسه هو هي كان كانت من في علي".split()
)


class Date(NamedTuple):
    """A date of which parts may be unknown."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def fits(self, other: Date) -> bool:
        """Whether both may be the same date."""
        return all(one is None or two is None or one == two for one, two in zip(self, other, strict=True))


def dates(text: str) -> frozenset[Date]:
    """The dates in a text; a year by itself is one."""
    return frozenset(date for date, _ in _dates(fold(text)))


def numbers(text: str) -> frozenset[Decimal]:
    """The numbers in a text that are no part of a date with a month."""
    folded = fold(text)
    for date, (start, end) in _dates(folded):
        if date.month:
            folded = folded[:start] + " " * (end - start) + folded[end:]
    found: set[Decimal] = set()
    for whole, _, decimals, following in _NUMBER.findall(folded):
        value = Decimal(re.sub(r"\D", "", whole) + (f".{decimals}" if decimals else ""))
        found.add((value * _MAGNITUDES.get(following, 1)).normalize())
    return frozenset(found)


def whole_numbers(text: str) -> frozenset[int]:
    """Every run of digits in a text that is a number, those of dates too: “93rd” is 93, “1.5” is 1 and 5."""
    return frozenset(map(int, _WHOLE.findall(text)))


def codes(text: str) -> frozenset[str]:
    """The codes of a series in a text, as “T5” or “a-12”, in small letters without the hyphen."""
    return frozenset(f"{letters}{number}".casefold() for letters, number in _CODE.findall(text))


def all_numbers(text: str) -> frozenset[int | str]:
    """The whole numbers and the codes in a text, and the numbers in its codes."""
    return whole_numbers(text) | codes(text) | {int(number) for _, number in _CODE.findall(text)}


def names(text: str) -> frozenset[str]:
    """Folded words of a text that may be names: with a capital letter, or any in Arabic, without titles."""
    found = (word for word in _WORD.findall(text) if word[0].isupper() or is_arabic(word[0]))
    bare = (_ARTICLE.sub("", fold(word)) for word in found)
    return frozenset(word for word in bare if len(word) > 1) - _TITLES


def differ_in_dates(one: Iterable[Date], two: Iterable[Date]) -> bool:
    """Whether no date of one text may be the same as one of the other; False where one has none."""
    pairs = list(product(one, two))
    return bool(pairs) and not any(a.fits(b) for a, b in pairs)


def same_script(one: str, two: str) -> bool:
    """Whether two texts are both in Arabic letters, or both not."""
    return (arabic_share(one) >= 0.5) == (arabic_share(two) >= 0.5)


def _dates(folded: str) -> Iterator[tuple[Date, tuple[int, int]]]:
    """Dates with their places; a month without a day or a year is none."""
    taken: list[tuple[int, int]] = []
    for pattern in (_ISO, _MONTH_FIRST, _DAY_FIRST, _YEAR):
        for match in pattern.finditer(folded):
            start, end = match.span()
            if any(begun < end and start < ended for begun, ended in taken):
                continue
            found = match.groupdict()
            days = {found.get("day"), found.get("first")} - {None}
            month = found.get("month")
            if pattern is _DAY_FIRST and not days and not found["year"]:
                continue
            taken.append((start, end))
            for day in days or {None}:
                yield Date(_int(found["year"]), _MONTH.get(month or "", _int(month)), _int(day)), (start, end)


def _int(digits: str | None) -> int | None:
    return int(digits) if digits and digits.isdecimal() else None

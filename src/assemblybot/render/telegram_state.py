"""What the buttons under an answer remember: at most 64 bytes, all of it in the button itself.

So a button works after a restart and on another replica. One letter says what to do, one which
version of this format it is; then flags, languages, the mark of ratings and what was cited. Numbers
are in base 64 with the letters of base64url.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from assemblybot.session.base import Reason
from assemblybot.text.language import LANGUAGES, InterfaceLanguage, Language, interface_language

Action = Literal["next", "around", "back", "translation", "helpful", "not_helpful"] | Reason
LONGEST_DATA: Final = 64
#: Passages whose place fits beside the rest.
MOST_CITED: Final = 3

_VERSION: Final = "1"
_DIGITS: Final = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
_VALUES: Final = {digit: value for value, digit in enumerate(_DIGITS)}
_ACTIONS: Final[dict[Action, str]] = {
    "next": "n",
    "around": "a",
    "back": "b",
    "translation": "t",
    "helpful": "y",
    "not_helpful": "x",
    Reason.WRONG_PASSAGE: "w",
    Reason.NOT_ANSWERED: "u",
    Reason.OTHER: "o",
}
_LANGUAGES: Final[dict[Language, str]] = dict(zip(LANGUAGES, "adzfes", strict=True))
_KEY: Final = 8
_CODE: Final = 6
_NUMBER: Final = 3
_OFFSET: Final = 2
_CITED: Final = _CODE + _NUMBER + 2 * _OFFSET
_HEAD: Final = 5 + _KEY


@dataclass(frozen=True, slots=True)
class Cited:
    """One passage: code of its document, number, and the span that answers (0, 0 for none)."""

    document: str
    number: int
    span: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class State:
    """An answer as its buttons know it. For a list, `cited` are its first and last item.

    `language` is that of whoever reads it; `mark` is what its ratings are kept under; `differ` whether the
    sources differ; `shown` the place in `cited` of the passage on top; `translated` whether the translation
    is shown.
    """

    cited: tuple[Cited, ...]
    mark: str
    language: Language
    is_list: bool = False
    translated: bool = False
    shown: int = 0
    differ: bool = False

    @property
    def interface(self) -> InterfaceLanguage:
        """The language of the words around the passages."""
        return interface_language(self.language)

    def data(self, action: Action) -> str:
        """Callback data of the button that does `action`."""
        flags = self.is_list | self.translated << 1 | self.shown << 2 | self.differ << 4
        head = _ACTIONS[action] + _VERSION + _DIGITS[flags] + _LANGUAGES[self.language]
        return head + _LANGUAGES[self.interface] + self.mark + "".join(map(_cited_to_text, self.cited))


def parse(data: str) -> tuple[Action, State] | None:
    """Inverse of `State.data`; `None` for anything else."""
    actions = {letter: action for action, letter in _ACTIONS.items()}
    languages = {letter: language for language, letter in _LANGUAGES.items()}
    body = data[_HEAD:]
    if len(data) > LONGEST_DATA or len(body) < _CITED or len(body) % _CITED or data[1] != _VERSION:
        return None
    action, language = actions.get(data[0]), languages.get(data[3])
    if action is None or language is None or languages.get(data[4]) != interface_language(language):
        return None
    try:
        flags = _VALUES[data[2]]
        cited = tuple(_cited_from_text(body[i : i + _CITED]) for i in range(0, len(body), _CITED))
    except KeyError:
        return None
    state = State(
        cited=cited,
        mark=data[5:_HEAD],
        language=language,
        is_list=bool(flags & 1),
        translated=bool(flags & 2),
        shown=(flags >> 2 & 3) % len(cited),
        differ=bool(flags & 16),
    )
    return action, state


def number_to_text(number: int, width: int) -> str:
    """`number` in base 64, `width` digits. Raises ValueError when it does not fit."""
    if not 0 <= number < 64**width:
        raise ValueError(number)
    return "".join(_DIGITS[number >> 6 * place & 63] for place in reversed(range(width)))


def number_from_text(text: str) -> int:
    """Inverse of `number_to_text`; KeyError for a letter that is no digit."""
    value = 0
    for digit in text:
        value = value * 64 + _VALUES[digit]
    return value


def _cited_to_text(cited: Cited) -> str:
    span = cited.span if max(cited.span) < 64**_OFFSET else (0, 0)
    offsets = "".join(number_to_text(offset, _OFFSET) for offset in span)
    return cited.document + number_to_text(cited.number, _NUMBER) + offsets


def _cited_from_text(text: str) -> Cited:
    ends = (_CODE, _CODE + _NUMBER, _CODE + _NUMBER + _OFFSET, _CITED)
    number, start, end = (number_from_text(text[i:j]) for i, j in pairwise(ends))
    return Cited(text[:_CODE], number, (start, end))
